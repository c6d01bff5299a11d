//! The accounts that polkit lets authenticate, by the names that PAM and people know.

use std::collections::HashMap;

use zbus::zvariant::OwnedValue;

/// An identity on the bus: kind, such as `unix-user`, and details (polkit's `Identity` structure).
pub(super) type Identity = (String, HashMap<String, OwnedValue>);

/// Finds the names of the users among the identities, our own first. polkit itself turns groups into their users.
///
/// Asks the system's user database, which may be on a server.
pub(super) async fn names(identities: Vec<Identity>) -> Vec<String> {
    let ours = rustix::process::getuid().as_raw();
    let mut uids: Vec<u32> = identities.iter().filter_map(uid).collect();
    uids.sort_by_key(|uid| *uid != ours);
    let look_up = move || {
        let users = uids.into_iter().filter_map(uzers::get_user_by_uid);
        users
            .filter_map(|user| user.name().to_str().map(str::to_owned))
            // What the helper reads ends with the line.
            .filter(|name| !name.contains(['\n', '\0']))
            .collect()
    };
    tokio::task::spawn_blocking(look_up)
        .await
        .unwrap_or_default()
}

fn uid((kind, details): &Identity) -> Option<u32> {
    let uid = details.get("uid").filter(|_| kind == "unix-user")?;
    uid.downcast_ref().ok()
}

#[cfg(test)]
mod tests {
    use zbus::zvariant::Value;

    use super::*;

    fn identity(kind: &str, key: &str, id: u32) -> Identity {
        let id = OwnedValue::try_from(Value::from(id)).unwrap();
        (kind.to_owned(), HashMap::from([(key.to_owned(), id)]))
    }

    #[tokio::test]
    async fn users_have_names_and_groups_are_not_users() {
        let all = [
            identity("unix-user", "uid", 0),
            identity("unix-group", "gid", 0),
            identity("unix-user", "uid", 4_000_000_000),
        ];
        assert_eq!(names(all.to_vec()).await, ["root"]);
    }
}

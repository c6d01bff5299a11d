//! Puts snapshots in the order of a tree: each after the one that it was taken on top of. Pure.

use std::collections::{HashMap, HashSet};

use crate::Snapshot;

/// Arranges the snapshots in the order of the tree, siblings by age, and gives each its depth.
///
/// A snapshot whose parent is not there stands at the top. Parents that form a circle are cut open, so that each
/// snapshot is told once whatever a host says.
pub(crate) fn arrange(snapshots: Vec<Snapshot>) -> Vec<Snapshot> {
    let order = order(&snapshots);
    let mut left: Vec<Option<Snapshot>> = snapshots.into_iter().map(Some).collect();
    let arranged = order.into_iter().filter_map(|(index, depth)| {
        let snapshot = left.get_mut(index)?.take()?;
        Some(Snapshot { depth, ..snapshot })
    });
    arranged.collect()
}

/// Gives the snapshots' positions and depths in the order of the tree.
fn order(snapshots: &[Snapshot]) -> Vec<(usize, u32)> {
    let names: HashSet<&str> = snapshots.iter().map(|s| s.name.as_str()).collect();
    let mut children: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (index, snapshot) in snapshots.iter().enumerate() {
        let parent = snapshot
            .parent
            .as_deref()
            .filter(|parent| names.contains(parent));
        children.entry(parent).or_default().push(index);
    }
    for siblings in children.values_mut() {
        siblings.sort_by_key(|index| (snapshots[*index].created, &snapshots[*index].name));
    }
    let mut order = Vec::with_capacity(snapshots.len());
    let mut seen = HashSet::new();
    let tops = children.get(&None).cloned().unwrap_or_default();
    for start in tops.into_iter().chain(0..snapshots.len()) {
        let mut waiting = vec![(start, 0)];
        while let Some((index, depth)) = waiting.pop() {
            if !seen.insert(index) {
                continue;
            }
            order.push((index, depth));
            let below = children.get(&Some(snapshots[index].name.as_str()));
            waiting.extend(
                below
                    .into_iter()
                    .flatten()
                    .rev()
                    .map(|child| (*child, depth + 1)),
            );
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DomainState;

    fn snapshot(name: &str, parent: Option<&str>, created: i64) -> Snapshot {
        Snapshot {
            name: name.to_owned(),
            description: None,
            parent: parent.map(str::to_owned),
            depth: 0,
            created,
            state: DomainState::ShutOff,
            current: false,
            has_memory: false,
            external: false,
        }
    }

    fn names(snapshots: &[Snapshot]) -> Vec<(String, u32)> {
        let arranged = arrange(snapshots.to_vec()).into_iter();
        arranged
            .map(|snapshot| (snapshot.name, snapshot.depth))
            .collect()
    }

    fn expected(names: &[(&str, u32)]) -> Vec<(String, u32)> {
        let own = |(name, depth): &(&str, u32)| ((*name).to_owned(), *depth);
        names.iter().map(own).collect()
    }

    #[test]
    fn each_stands_below_its_parent_and_siblings_by_age() {
        let all = [
            snapshot("late", Some("root"), 30),
            snapshot("early", Some("root"), 20),
            snapshot("leaf", Some("early"), 40),
            snapshot("root", None, 10),
            snapshot("other", None, 5),
        ];
        let order = [
            ("other", 0),
            ("root", 0),
            ("early", 1),
            ("leaf", 2),
            ("late", 1),
        ];
        assert_eq!(names(&all), expected(&order));
    }

    #[test]
    fn what_a_host_may_say_loses_nothing() {
        let orphan = [snapshot("a", Some("gone"), 1)];
        assert_eq!(names(&orphan), expected(&[("a", 0)]));
        let circle = [snapshot("a", Some("b"), 1), snapshot("b", Some("a"), 2)];
        assert_eq!(names(&circle), expected(&[("a", 0), ("b", 1)]));
        let itself = [snapshot("a", Some("a"), 1)];
        assert_eq!(names(&itself), expected(&[("a", 0)]));
        assert!(arrange(Vec::new()).is_empty());
    }
}

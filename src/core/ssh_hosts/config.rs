//! The aliases in ssh's configuration; format: `ssh_config`(5).
//!
//! Only `Host` without patterns, what its block says of the target, and `Include` are read. `Match` blocks depend on
//! what is not known here; what stands in them is passed over, but for the files they include.

use std::{
    mem,
    path::{Path, PathBuf},
};

use super::{HOST_LIMIT, SshHost, is_name, read};

/// How deep files may include each other; ssh's own limit (`READCONF_MAX_DEPTH` of its readconf.c).
const DEPTH_LIMIT: u32 = 16;
/// How many files are read in all.
const FILES_LIMIT: u32 = 256;

/// Collects the hosts of a file and of those that it includes; relative names start at the folder.
pub(super) fn hosts(path: &Path, folder: &Path) -> Vec<SshHost> {
    let mut reader = Reader {
        folder,
        files: 0,
        block: Block::default(),
        hosts: Vec::new(),
    };
    reader.file(path, 0);
    reader.hosts
}

/// What a `Host` line and the lines below it say; without names outside of such a block.
#[derive(Default)]
struct Block {
    names: Vec<String>,
    hostname: Option<String>,
    user: Option<String>,
}

impl Block {
    fn hosts(self) -> impl Iterator<Item = SshHost> {
        let Self {
            names,
            hostname,
            user,
        } = self;
        names.into_iter().map(move |name| {
            let target = match (&user, &hostname) {
                (None, hostname) => hostname.clone(),
                (Some(user), hostname) => {
                    Some(format!("{user}@{}", hostname.as_ref().unwrap_or(&name)))
                }
            };
            SshHost {
                target,
                name,
                port: None,
            }
        })
    }
}

struct Reader<'a> {
    folder: &'a Path,
    files: u32,
    block: Block,
    hosts: Vec<SshHost>,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, depth: u32) {
        self.files += 1;
        for line in read(path).lines() {
            if self.hosts.len() >= HOST_LIMIT {
                return;
            }
            self.line(line, depth);
        }
        self.start_block(Vec::new());
    }

    fn line(&mut self, line: &str, depth: u32) {
        let mut words = words(line).into_iter();
        let keyword = words.next().unwrap_or_default().to_ascii_lowercase();
        match keyword.as_str() {
            "host" => self.start_block(words.filter(|name| is_name(name)).collect()),
            "match" => self.start_block(Vec::new()),
            "hostname" => note(&mut self.block.hostname, words.next()),
            "user" => note(&mut self.block.user, words.next()),
            "include" => words.for_each(|pattern| self.include(&pattern, depth)),
            _ => {}
        }
    }

    fn start_block(&mut self, names: Vec<String>) {
        let block = Block {
            names,
            ..Block::default()
        };
        let ended = mem::replace(&mut self.block, block);
        self.hosts.extend(ended.hosts());
    }

    /// Reads the files of a pattern. What they start ends with them: the block around the line goes on.
    fn include(&mut self, pattern: &str, depth: u32) {
        let pattern = self.absolute(pattern);
        let Ok(paths) = glob::glob(&pattern.to_string_lossy()) else {
            return;
        };
        let around = mem::take(&mut self.block);
        for path in paths.flatten() {
            if self.files < FILES_LIMIT && depth < DEPTH_LIMIT {
                self.file(&path, depth + 1);
            }
        }
        self.block = around;
    }

    fn absolute(&self, pattern: &str) -> PathBuf {
        match pattern.strip_prefix("~/") {
            Some(rest) => self.folder.parent().unwrap_or(self.folder).join(rest),
            None => self.folder.join(pattern),
        }
    }
}

/// Notes a value. The first one counts; one with ssh's tokens says nothing before ssh has filled them.
fn note(place: &mut Option<String>, value: Option<String>) {
    if place.is_none() {
        *place = value.filter(|value| !value.contains('%'));
    }
}

/// Splits a line into its words: the keyword may end at `=`, words may stand in quotes, `#` starts a comment.
fn words(line: &str) -> Vec<String> {
    let line = line.trim();
    let end = line.find(|c: char| c.is_whitespace() || c == '=');
    let (keyword, rest) = line.split_at(end.unwrap_or(line.len()));
    if keyword.is_empty() || keyword.starts_with('#') {
        return Vec::new();
    }
    let rest = rest.trim_start();
    let mut rest = rest.strip_prefix('=').unwrap_or(rest).trim_start();
    let mut words = vec![keyword.to_owned()];
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = behind.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".ssh");
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        hosts(&folder.join("config"), &folder)
            .into_iter()
            .map(|host| (host.name, host.target))
            .collect()
    }

    fn names(files: &[(&str, &str)]) -> Vec<String> {
        found(files).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_block_names_hosts_and_says_where_they_are() {
        let text = "# mine\n\
                    Host web web-2 *.internal !db\n\
                    \tUser admin\n  HostName=web.example\n  HostName ignored.example\n\
                    host = \"quoted\" # and a comment\n\
                    Host bare\n  User me\n\
                    Match host other\n  User nobody\n\
                    Host tokens\n  HostName %h.example\n\
                    Host *\n  User everyone\n";
        let target = |text: &str| Some(text.to_owned());
        let expected = [
            ("web", target("admin@web.example")),
            ("web-2", target("admin@web.example")),
            ("quoted", None),
            ("bare", target("me@bare")),
            ("tokens", None),
        ];
        let expected = expected.map(|(name, target)| (name.to_owned(), target));
        assert_eq!(found(&[("config", text)]), expected);
    }

    #[test]
    fn included_files_are_read_and_the_block_around_goes_on() {
        let files = [
            (
                "config",
                "Host a\nInclude more/*.conf ~/.ssh/last\n  User u\n",
            ),
            ("more/1.conf", "Host b\nInclude nowhere\n"),
            ("more/2.conf", "Host c\n  HostName c.example\n"),
            ("more/no.txt", "Host never\n"),
            ("last", "Host d\n"),
        ];
        assert_eq!(names(&files), ["b", "c", "d", "a"]);
        assert!(found(&files).contains(&("a".to_owned(), Some("u@a".to_owned()))));
    }

    #[test]
    fn files_that_include_each_other_end() {
        let looped = names(&[("config", "Include config config\nHost a\n")]);
        assert!(!looped.is_empty() && looped.len() <= FILES_LIMIT as usize);
    }
}

//! Holds the map of the house (`src/lib.rs`): which room may know which.
//!
//! Reads the source text: every path that starts at a crate's name, at `crate::`, or in the nested lists of a `use`.
//! Comments and tests at a file's end are not read.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The files of `app` that every room may use.
const LEAVES: [&str; 4] = ["runtime", "i18n", "settings", "errors"];
/// The rooms of the application, where GTK and translations live.
const ROOMS: [&str; 4] = ["app", "model", "ui", "widgets"];
/// The libraries, and which of their siblings each may know.
const LIBRARIES: [(&str, &[&str]); 5] = [
    ("rpc", &["link_security"]),
    ("rfb", &["link_security"]),
    ("virtxml", &[]),
    ("security", &[]),
    ("core", &["virt_rpc", "rfb", "virtxml", "link_security"]),
];
const OUR_CRATES: [&str; 6] = [
    "virt_rpc",
    "rfb",
    "virtxml",
    "link_security",
    "innkeeper_core",
    "innkeeper",
];
const TOOLKIT: [&str; 10] = [
    "gtk",
    "adw",
    "glib",
    "gio",
    "gdk",
    "gsk",
    "pango",
    "graphene",
    "vte",
    "sourceview",
];
const TRANSLATIONS: [&str; 2] = ["gettextrs", "gettext"];

/// A source file and the paths that it names.
struct Source {
    path: String,
    names: BTreeSet<String>,
}

impl Source {
    fn read(root: &Path, file: &Path) -> Self {
        let text = fs::read_to_string(file).expect("a source file is text");
        let path = file.strip_prefix(root).expect("it lies below the root");
        Self {
            path: path.to_string_lossy().into_owned(),
            names: names_in(&code_of(&text)),
        }
    }

    /// Whether a path or what it leads to is named.
    fn knows(&self, path: &str) -> bool {
        let below = format!("{path}::");
        self.names
            .iter()
            .any(|name| name == path || name.starts_with(&below))
    }

    fn lies_in(&self, folder: &str) -> bool {
        self.path.starts_with(&format!("src/{folder}/"))
    }
}

/// Takes comments, strings and the tests at the end away.
fn code_of(text: &str) -> String {
    let body = text
        .split("\n#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default();
    let mut code = String::with_capacity(body.len());
    for line in body.lines() {
        let line = line.split("//").next().unwrap_or_default();
        for (index, part) in line.split('"').enumerate() {
            if index % 2 == 0 {
                code.push_str(part);
            } else {
                code.push_str("\"\"");
            }
        }
        code.push('\n');
    }
    code
}

/// Collects the paths of a text: `a::b` as it stands, and each leaf of `use a::{b, c::{d}}` written out.
fn names_in(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in uses_of(code) {
        flatten(&statement, String::new(), &mut names);
    }
    let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for word in code.split(|c: char| !is_of_path(c)) {
        let word = word.trim_matches(':');
        if word.contains("::") {
            names.insert(word.to_owned());
        }
    }
    names
}

/// Gives what stands between each `use` and its semicolon, without spaces.
fn uses_of(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let starts_word = rest[..at]
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || c == ')');
        rest = &rest[at + 4..];
        if starts_word && let Some(end) = rest.find(';') {
            found.push(rest[..end].split_whitespace().collect());
        }
    }
    found
}

/// Writes a tree of imports out as one path for each leaf.
fn flatten(tree: &str, prefix: String, names: &mut BTreeSet<String>) {
    for branch in branches(tree) {
        match branch.split_once('{') {
            Some((head, tail)) => {
                let inner = tail.strip_suffix('}').unwrap_or(tail);
                flatten(inner, format!("{prefix}{head}"), names);
            }
            None => {
                names.insert(format!("{prefix}{branch}"));
            }
        }
    }
}

/// Splits at the commas that stand outside of braces.
fn branches(tree: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (index, character) in tree.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&tree[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    found.push(&tree[start..]);
    found.retain(|branch| !branch.is_empty());
    found
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    let found: Vec<Source> = files.iter().map(|file| Source::read(root, file)).collect();
    assert!(
        found.len() > 100,
        "only {} source files were found",
        found.len()
    );
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the source tree") {
        let path = entry.expect("a readable folder").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // A library's own tests, benchmarks and examples may use what they like.
        if path.is_dir() && !["tests", "benches", "examples", "fuzz", "target"].contains(&&*name) {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Fails with a line for each place that breaks a rule.
#[track_caller]
fn hold(rule: &str, breaks: Vec<String>) {
    assert!(breaks.is_empty(), "{rule}:\n{}", breaks.join("\n"));
}

/// Lists the files that know one of the paths and should not.
fn who_knows<'a>(
    sources: &[Source],
    paths: impl IntoIterator<Item = &'a str> + Clone,
    should_not: impl Fn(&Source) -> bool,
) -> Vec<String> {
    let mut breaks = Vec::new();
    for source in sources.iter().filter(|source| should_not(source)) {
        for path in paths.clone() {
            if source.knows(path) {
                breaks.push(format!("{} knows {path}", source.path));
            }
        }
    }
    breaks
}

fn is_in_a_room(source: &Source) -> bool {
    ROOMS.iter().any(|room| source.lies_in(room))
        || ["src/lib.rs", "src/main.rs"].contains(&&*source.path)
}

#[test]
fn libraries_know_only_those_below_them() {
    let sources = sources();
    let mut breaks = Vec::new();
    for (folder, known) in LIBRARIES {
        let unknown: Vec<&str> = OUR_CRATES
            .into_iter()
            .filter(|name| !known.contains(name))
            .collect();
        // A library may name itself, in macros and documentation.
        let others = unknown
            .into_iter()
            .filter(|name| *name != own_name(folder))
            .collect::<Vec<_>>();
        breaks.extend(who_knows(&sources, others, |source| source.lies_in(folder)));
    }
    hold("a library knows a sibling that it must not", breaks);
}

fn own_name(folder: &str) -> &str {
    match folder {
        "rpc" => "virt_rpc",
        "security" => "link_security",
        "core" => "innkeeper_core",
        same => same,
    }
}

#[test]
fn the_toolkit_stays_in_the_four_rooms() {
    let breaks = who_knows(&sources(), TOOLKIT, |source| !is_in_a_room(source));
    hold("GTK is used outside of app, model, ui and widgets", breaks);
}

#[test]
fn translations_stay_in_the_four_rooms_and_behind_one_file() {
    let breaks = who_knows(&sources(), TRANSLATIONS, |source| {
        source.path != "src/app/i18n.rs"
    });
    hold("gettext is used other than through app/i18n.rs", breaks);
}

#[test]
fn sound_is_played_in_one_folder() {
    let breaks = who_knows(&sources(), ["gstreamer", "gstreamer_app"], |source| {
        !source.lies_in("model/sound")
    });
    hold("GStreamer is used outside of model/sound", breaks);
}

#[test]
fn tokio_stays_in_the_libraries_and_one_file() {
    let breaks = who_knows(&sources(), ["tokio"], |source| {
        is_in_a_room(source) && source.path != "src/app/runtime.rs"
    });
    hold(
        "tokio is used in the application outside of app/runtime.rs",
        breaks,
    );
}

#[test]
fn only_the_model_and_the_application_know_the_core() {
    let breaks = who_knows(&sources(), ["innkeeper_core"], |source| {
        source.lies_in("ui") || source.lies_in("widgets")
    });
    hold("a window reaches past the model", breaks);
}

/// The compiler keeps the wires out of the application as long as its manifest does not name them.
#[test]
fn the_application_does_not_depend_on_the_wires() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
    let manifest = manifest.expect("the manifest is text");
    let (_, rest) = manifest
        .split_once("\n[dependencies]\n")
        .expect("the manifest has dependencies");
    let dependencies = rest.split("\n[").next().unwrap_or_default();
    assert!(dependencies.contains("innkeeper-core"), "{dependencies}");
    let wires = ["virt-rpc", "rfb", "virtxml", "link-security"];
    let is_wire = |line: &&str| wires.iter().any(|wire| line.starts_with(wire));
    let breaks = dependencies.lines().filter(is_wire).map(str::to_owned);
    hold("the application depends on a wire", breaks.collect());
}

#[test]
fn the_model_knows_no_window() {
    let breaks = who_knows(
        &sources(),
        ["crate::ui", "crate::widgets", "adw"],
        |source| source.lies_in("model"),
    );
    hold("the model knows what shows it", breaks);
}

#[test]
fn widgets_know_no_window() {
    let breaks = who_knows(&sources(), ["crate::ui"], |source| {
        source.lies_in("widgets")
    });
    hold("a widget knows a window", breaks);
}

#[test]
fn windows_do_not_know_each_other() {
    let windows = ["manager", "guest"];
    let sources = sources();
    let mut breaks = Vec::new();
    for own in windows {
        for other in windows.into_iter().filter(|other| *other != own) {
            let path = format!("crate::ui::{other}");
            breaks.extend(who_knows(&sources, [path.as_str()], |source| {
                source.lies_in(&format!("ui/{own}"))
            }));
        }
    }
    hold("a window knows another", breaks);
}

#[test]
fn rooms_use_only_the_leaves_of_the_application() {
    let mut breaks = Vec::new();
    for source in sources() {
        let is_a_room = ["model", "ui", "widgets"]
            .iter()
            .any(|room| source.lies_in(room));
        for name in source.names.iter().filter(|_| is_a_room) {
            let Some(below) = name.strip_prefix("crate::app::") else {
                continue;
            };
            if !LEAVES.contains(&below.split("::").next().unwrap_or_default()) {
                breaks.push(format!("{} knows {name}", source.path));
            }
        }
    }
    hold("a room knows more of app than its leaves", breaks);
}

#[test]
fn leaves_know_no_room() {
    let sources = sources();
    let is_leaf = |source: &Source| {
        LEAVES.iter().any(|leaf| {
            source.path == format!("src/app/{leaf}.rs") || source.lies_in(&format!("app/{leaf}"))
        })
    };
    let rooms = ["crate::model", "crate::ui", "crate::widgets"];
    hold(
        "a leaf of app knows a room",
        who_knows(&sources, rooms, is_leaf),
    );
}

#[test]
fn only_main_starts_the_application() {
    let breaks = who_knows(&sources(), ["innkeeper::main", "innkeeper"], |source| {
        source.path != "src/main.rs"
    });
    hold("the application is started elsewhere", breaks);
}

#[test]
fn paths_are_read_out_of_nested_lists() {
    let code = code_of(
        "use a::{\n    b,\n    c::{d, e as f},\n};\n// use hidden::x;\npub(crate) use g::h;\nlet x = \"q::r\"; i::j::k();",
    );
    let names = names_in(&code);
    for expected in ["a::b", "a::c::d", "g::h", "i::j::k"] {
        assert!(names.contains(expected), "{expected} of {names:?}");
    }
    assert!(
        !names
            .iter()
            .any(|name| name.contains("hidden") || name.contains("q::"))
    );
}

//! Compiles what the program carries or finds beside itself, so that plain `cargo run` works without meson:
//! the resources, the settings' schema and the translations.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-env-changed=INNKEEPER_LOCALEDIR");
    glib_build_tools::compile_resources(
        &["resources", "docs"],
        "resources/innkeeper.gresource.xml",
        "innkeeper.gresource",
    );
    compile_schemas(&out);
    compile_translations(&out);
}

fn compile_schemas(out: &Path) {
    let source = "data/io.github.innkeeper.Innkeeper.gschema.xml";
    println!("cargo::rerun-if-changed={source}");
    let folder = out.join("schemas");
    fs::create_dir_all(&folder).expect("OUT_DIR is writable");
    fs::copy(
        source,
        folder.join("io.github.innkeeper.Innkeeper.gschema.xml"),
    )
    .expect("the schema is in the source tree");
    run(Command::new("glib-compile-schemas")
        .arg("--strict")
        .arg(&folder));
}

fn compile_translations(out: &Path) {
    println!("cargo::rerun-if-changed=po");
    for language in fs::read_to_string("po/LINGUAS")
        .unwrap_or_default()
        .split_whitespace()
    {
        let folder = out.join("locale").join(language).join("LC_MESSAGES");
        fs::create_dir_all(&folder).expect("OUT_DIR is writable");
        run(Command::new("msgfmt")
            .arg("--output-file")
            .arg(folder.join("innkeeper.mo"))
            .arg(format!("po/{language}.po")));
    }
}

fn run(command: &mut Command) {
    let status = command
        .status()
        .unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    assert!(status.success(), "{command:?} failed");
}

//! Writes `procedure/generated.rs` anew from `spec/libvirt.spec`.

mod generator;

fn main() -> std::io::Result<()> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let spec = std::fs::read_to_string(root.join("spec/libvirt.spec"))?;
    std::fs::write(
        root.join("procedure/generated.rs"),
        generator::generate(&spec),
    )
}

//! The generated file is what the spec says.

#[path = "../spec/generator.rs"]
mod generator;

#[test]
fn the_generated_file_is_up_to_date() {
    let spec = include_str!("../spec/libvirt.spec");
    let there = include_str!("../procedure/generated.rs");
    assert!(
        generator::generate(spec) == there,
        "run `cargo run -p virt-rpc --example generate`"
    );
}

#[test]
fn no_number_and_no_name_is_used_twice() {
    let spec = include_str!("../spec/libvirt.spec");
    let heads: Vec<Vec<&str>> = spec
        .lines()
        .filter(|line| line.starts_with("call ") || line.starts_with("event "))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert!(heads.len() > 380, "{}", heads.len());
    let mut numbers: Vec<_> = heads.iter().map(|words| (words[1], words[2])).collect();
    let mut names: Vec<_> = heads.iter().map(|words| (words[0], words[3])).collect();
    let count = heads.len();
    for list in [&mut numbers, &mut names] {
        list.sort_unstable();
        list.dedup();
        assert_eq!(list.len(), count);
    }
}

//! Tables in the documentation that a test holds to what really happens.
//!
//! A table stands between two marks, `<!-- NAME -->` and `<!-- end of NAME -->`; its head is the author's, its rows are
//! the test's.

use std::fs;
use std::path::Path;

/// Compares a table with the one that a document of the project has between the marks of that name.
///
/// # Panics
/// Where they differ; the text has the rows that should stand there. `path` is relative to the project.
pub fn expect_table(path: &str, mark: &str, rows: &[Vec<String>]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    let text = fs::read_to_string(&file).unwrap_or_default();
    let (begin, end) = (
        format!("<!-- {mark} -->"),
        format!("<!-- end of {mark} -->"),
    );
    let table = text
        .split(&begin)
        .nth(1)
        .and_then(|rest| rest.split(&end).next());
    let documented: Vec<_> = table.unwrap_or_default().trim().lines().skip(2).collect();
    let ours: Vec<_> = rows
        .iter()
        .map(|row| format!("| {} |", row.join(" | ")))
        .collect();
    assert_eq!(
        documented.join("\n"),
        ours.join("\n"),
        "{path} should have between its marks:\n{}\n",
        ours.join("\n")
    );
}

//! Parts of documents that are checked against the program. `UPDATE_DOCS=1` writes them anew.

use std::path::Path;
use std::sync::Mutex;

/// One test at a time may rewrite a document.
static WRITING: Mutex<()> = Mutex::new(());

/// Asserts that what stands between `<!-- name -->` and `<!-- /name -->` in a document is this.
#[track_caller]
pub fn assert_says(document: &str, name: &str, expected: &str) {
    let _one_at_a_time = WRITING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = std::fs::read_to_string(&path).expect("the document is there").replace("\r\n", "\n");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let (before, rest) = text.split_once(&open).unwrap_or_else(|| panic!("{document} has no {open}"));
    let (inside, after) = rest.split_once(&close).unwrap_or_else(|| panic!("{document} has no {close}"));
    if inside == expected {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{open}{expected}{close}{after}")).expect("it can be written");
        return;
    }
    panic!("{document} is behind on {name}; run the test with UPDATE_DOCS=1\nit should say:\n{expected}");
}

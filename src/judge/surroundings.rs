//! What stands round a candidate: words, quotes, the kind of file.

use super::JUDGE_REACH;
use crate::document::Document;
use crate::finding::Candidate;
use crate::rule::Text;
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

/// The first of the words, in any ASCII case, that stands within the rule's reach or in the decoded text.
pub(super) fn near<'w>(candidate: &Candidate, document: &Document, words: &'w [Text]) -> Option<&'w str> {
    let text = &document.text[candidate.window.clone()];
    let decoded = candidate.decoded.as_ref().map_or(&[][..], |d| &d.text[..]);
    words.iter().find(|word| contains(text, word) || contains(decoded, word)).map(AsRef::as_ref)
}

/// `Server=db.acme.io;…;Password=…`: whether the line of a connection string names a host that is not this machine, so that
/// what stands on other lines says nothing of it.
pub(super) fn names_its_own_host(candidate: &Candidate, document: &Document) -> bool {
    const NAMES: [&str; 4] = ["server=", "data source=", "datasource=", "host="];
    const OWN: [&str; 6] = ["localhost", "127.0.0.1", "(local", "=.;", "=.\\", "::1"];
    let rule = candidate.rule.id();
    if !rule.starts_with("connection-string-") || candidate.decoded.is_some() {
        return false;
    }
    let (window, span) = (&candidate.window, &candidate.span);
    let before = &document.text[window.start.min(span.start)..span.start];
    let start = memchr::memrchr(b'\n', before).map_or(0, |nl| nl + 1);
    let behind = &document.text[span.end..window.end.max(span.end)];
    let behind = &behind[..memchr::memchr(b'\n', behind).unwrap_or(behind.len())];
    let has = |words: &[&str]| words.iter().any(|word| contains(&before[start..], word) || contains(behind, word));
    has(&NAMES) && !has(&OWN)
}

/// Whether the text contains the word in any ASCII case.
pub(super) fn contains(text: &[u8], word: &str) -> bool {
    let word = word.as_bytes();
    let Some(&first) = word.first() else { return true };
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text)
        .any(|at| text[at..].get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word)))
}

/// Whether the span lies between two quotes of one kind on its line.
pub(super) fn is_inside_quotes(text: &[u8], span: &Range<usize>) -> bool {
    let before = &text[span.start.saturating_sub(JUDGE_REACH)..span.start];
    let after = &text[span.end..(span.end + JUDGE_REACH).min(text.len())];
    let open = before.iter().rev().take_while(|b| **b != b'\n').find(|b| matches!(b, b'"' | b'\'' | b'`' | b'>'));
    open.is_some_and(|open| {
        let close = if *open == b'>' { b'<' } else { *open };
        after.iter().take_while(|b| **b != b'\n').any(|b| *b == close)
    })
}

/// Whether a comment of several lines was opened before the place and not closed, as far as the judge looks.
pub(super) fn is_inside_comment(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(JUDGE_REACH)..at];
    let opened = memchr::memmem::rfind(before, b"/*");
    let line = |start: usize| memchr::memrchr(b'\n', &before[..start]).map_or(0, |nl| nl + 1);
    opened.is_some_and(|opened| {
        memchr::memmem::find(&before[opened..], b"*/").is_none()
            && before[line(opened)..opened].iter().all(u8::is_ascii_whitespace)
    })
}

/// Whether `<!--` was opened before the place and not closed, as far as the judge looks.
pub(super) fn is_inside_markup_comment(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(JUDGE_REACH)..at];
    memchr::memmem::rfind(before, b"<!--")
        .is_some_and(|opened| memchr::memmem::find(&before[opened..], b"-->").is_none())
}

/// Whether the place is in the report of another scanner, which repeats what it took for a secret.
pub(super) fn is_in_report(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(JUDGE_REACH)..at];
    ["\"StartColumn\":", "\"EndColumn\":"].iter().all(|field| memchr::memmem::find(before, field.as_bytes()).is_some())
}

/// Whether what follows is the rest of such a report's entry: a long secret stands in it twice.
pub(super) fn is_before_report(text: &[u8], at: usize) -> bool {
    let after = &text[at..(at + JUDGE_REACH).min(text.len())];
    ["\"Commit\":", "\"Entropy\":"].iter().all(|field| memchr::memmem::find(after, field.as_bytes()).is_some())
}

/// Whether the place is in code that a page shows to its readers: `<pre class="highlight"><code>`.
pub(super) fn is_shown_in_page(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(JUDGE_REACH)..at];
    ["<span class=", "<code", "<pre"].iter().any(|tag| memchr::memmem::find(before, tag.as_bytes()).is_some())
}

/// Whether what stands near is an answer that hands out a token for a while.
pub(super) fn is_in_answer(text: &[u8], span: &Range<usize>) -> bool {
    let near = &text[span.start.saturating_sub(JUDGE_REACH)..(span.end + JUDGE_REACH).min(text.len())];
    ["expires_in", "token_type", "expiresIn"].iter().any(|word| memchr::memmem::find(near, word.as_bytes()).is_some())
}

/// Whether what stands in a password's place lets two programs find each other for one call: ICE has it beside a `ufrag`.
pub(super) fn is_of_a_call(text: &[u8], span: &Range<usize>) -> bool {
    let near = &text[span.start.saturating_sub(64)..(span.end + 64).min(text.len())];
    memchr::memmem::find(near, b"ufrag").is_some()
}

/// Whether the place is beside the index that a page's visitors search with the key.
pub(super) fn is_to_search(text: &[u8], span: &Range<usize>) -> bool {
    let near = &text[span.start.saturating_sub(JUDGE_REACH)..(span.end + JUDGE_REACH).min(text.len())];
    memchr::memmem::find(near, b"indexName").is_some()
}

/// `expect(response.status).toEqual(200)`: whether what stands near expects something of a program, as tests do wherever they lie.
pub(super) fn is_among_expectations(text: &[u8], span: &Range<usize>) -> bool {
    let near = &text[span.start.saturating_sub(JUDGE_REACH)..(span.end + JUDGE_REACH).min(text.len())];
    let mut expected = memchr::memmem::find_iter(near, b"expect(");
    expected.any(|at| {
        let line = &near[at..at + memchr::memchr(b'\n', &near[at..]).unwrap_or(near.len() - at)];
        [&b").to"[..], b").not", b").eq"].iter().any(|end| memchr::memmem::find(line, end).is_some())
    })
}

/// Whether a salt is named near, with which what stands in a password's place was digested.
pub(super) fn has_salt(text: &[u8], span: &Range<usize>) -> bool {
    let near = &text[span.start.saturating_sub(JUDGE_REACH)..(span.end + JUDGE_REACH).min(text.len())];
    contains(near, "\"salt\"")
}

/// Whether what stands near is kept of a person: their number, their address, when they came.
pub(super) fn is_of_a_person(text: &[u8], span: &Range<usize>) -> bool {
    let near = &text[span.start.saturating_sub(160)..(span.end + 160).min(text.len())];
    ["\"_id", "\"user_id", "\"userid", "\"id\"", "_at\"", "\"email", "\"role", "\"iterations", "<column "]
        .iter()
        .any(|word| contains(near, word))
}

/// Whether a value is bytes written as escapes, a quarter of them and more beyond ASCII: `\xb8\xf6\x36`.
pub(super) fn is_of_escapes(value: &[u8]) -> bool {
    let is_byte = |four: &[u8]| four.len() == 4 && four.starts_with(b"\\x");
    let is_beyond = |four: &&[u8]| matches!(four[2], b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F');
    !value.is_empty() && value.chunks(4).all(is_byte) && value.chunks(4).filter(is_beyond).count() * 16 >= value.len()
}

/// Whether a zero byte stands near, as between the texts of a compiled program.
pub(super) fn is_in_binary(text: &[u8], span: &Range<usize>) -> bool {
    text[span.start.saturating_sub(JUDGE_REACH)..(span.end + JUDGE_REACH).min(text.len())].contains(&0)
}

/// The path's extension, without the dot.
pub(super) fn extension(path: &[u8]) -> Option<&[u8]> {
    let name = path.rsplit(|b| *b == b'/').next()?;
    let dot = name.iter().rposition(|b| *b == b'.')?;
    (dot > 0).then(|| &name[dot + 1..])
}

/// Names of folders and words in them: each part of a path is looked up.
struct Parts {
    listed: &'static str,
    set: OnceLock<HashSet<&'static [u8], FixedState>>,
}

impl Parts {
    const fn new(listed: &'static str) -> Self {
        Parts { listed, set: OnceLock::new() }
    }

    fn contains(&self, part: &[u8]) -> bool {
        self.set.get_or_init(|| self.listed.split_ascii_whitespace().map(str::as_bytes).collect()).contains(part)
    }
}

/// Whether the path is that of a test or of what tests use.
pub(super) fn is_test(path: &[u8]) -> bool {
    static PARTS: Parts = Parts::new(
        "test tests testing spec specs __tests__ testdata fixture fixtures mock mocks __mocks__ e2e cypress unittest unittests snapshots __snapshots__ cassettes cassette vcr suites phpunit pact pacts",
    );
    let path = if is_of_main(path) { folder_of(path) } else { path };
    let lower = path.to_ascii_lowercase();
    let mut pieces = lower.split(|b| matches!(b, b'/' | b'-' | b'_' | b'.'));
    let is_camel = |w: &[u8]| matches!(w, [b'T', b'e', b's', b't', b'.' | b'/' | b's' | b'C', ..]);
    let is_under_t = lower.starts_with(b"t/") || memchr::memmem::find(&lower, b"/t/").is_some();
    // Cucumber's: `features/login.feature`, `features/support/env.rb`.
    let is_of_cucumber = || {
        lower.ends_with(b".feature")
            || ["features/support/", "features/step"]
                .iter()
                .any(|part| memchr::memmem::find(&lower, part.as_bytes()).is_some())
    };
    // xUnit's: `LoginFacts.cs`. Values with which a chart of Helm's is tried: `charts/web/ci/tls-values.yaml`.
    let is_of_facts = || path.ends_with(b"Facts.cs") || memchr::memmem::find(path, b".Facts/").is_some();
    let is_of_chart = || {
        lower.ends_with(b"-values.yaml") && lower.rsplit(|b| *b == b'/').nth(1).is_some_and(|folder| folder == b"ci")
    };
    // Ansible's: `molecule/default/converge.yml`, a folder for each way to try a role.
    let is_of_molecule = || {
        let mut parts = lower.split(|b| *b == b'/');
        parts.any(|part| part == b"molecule") && parts.count() >= 2
    };
    is_under_t
        || is_of_trial(&lower)
        || pieces.any(|piece| PARTS.contains(piece))
        || path.windows(5).any(is_camel)
        || is_of_molecule()
        || is_of_cucumber()
        || is_of_facts()
        || is_of_chart()
}

/// `shop/src/main/java/acme/OrderTestController.java`: whether the path is that of a program below the folder that Maven and
/// Gradle keep apart from the tests, where none is one by its name alone.
fn is_of_main(path: &[u8]) -> bool {
    (path.starts_with(b"src/main/") || memchr::memmem::find(path, b"/src/main/").is_some())
        && extension(path).is_some_and(|e| matches!(e, b"java" | b"kt" | b"scala" | b"groovy"))
}

/// The path up to the file's name.
fn folder_of(path: &[u8]) -> &[u8] {
    &path[..memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1)]
}

/// `config/circleci.json`, `host_vars/travis/mail.yml`: whether a path in small letters is that of settings of the environment in
/// which a service tries out what was pushed, or of what an IDE makes for trying out purchases. The service's own, `.travis.yml`, hold what it is given.
fn is_of_trial(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let (stem, ending) = name.split_at(name.iter().position(|b| *b == b'.').unwrap_or(name.len()));
    let is_of_settings = matches!(ending, b".json" | b".js" | b".ts" | b".properties" | b".php" | b".rb" | b".exs");
    let is_service = |word: &[u8]| matches!(word, b"circleci" | b"travis" | b"travisci");
    let mut folders = path[..path.len() - name.len()].split(|b| *b == b'/');
    let is_for_service = |folder: &[u8]| folder.split(|b| matches!(b, b'-' | b'_')).any(is_service);
    is_of_settings && (is_service(stem) || stem == b"ci")
        || (is_of_settings || matches!(ending, b".yml" | b".yaml" | b"")) && folders.any(is_for_service)
        || name.ends_with(b".storekit")
}

/// Whether the path is that of a test, an example or documentation.
pub(super) fn is_sample(path: &[u8]) -> bool {
    static PARTS: Parts = Parts::new(
        "\
        test tests testing spec specs __tests__ testdata fixtures fixture mock mocks __mocks__ example examples \
        sample samples demo demos doc docs documentation e2e cypress vendor vendors vendored node_modules third_party",
    );
    const NAME_MARKS: &str = "\
        .dist .template example sample readme changelog";
    const ENDINGS: &str = "\
        md markdown mdx rst adoc txt";
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit(|b| *b == b'/').next().unwrap_or_default();
    // `smoke-tests`, `test_data`, `test-key.pem`, `dockerTest` and `testFixtures` too; `latest` is none.
    // What only deals with documentation is none: `deploy-docs.yml`.
    let folder = &lower[..lower.len() - name.len()];
    let is_about_docs = |piece: &&[u8]| matches!(*piece, b"doc" | b"docs" | b"documentation");
    let in_name = name.split(|b| matches!(b, b'-' | b'_' | b'.')).skip(1).filter(|piece| !is_about_docs(piece));
    // `.github_changelog_generator`: what a tool is set up by.
    let is_mark = |mark: &&str| !(name.starts_with(b".") && matches!(*mark, "readme" | "changelog"));
    let mut pieces = folder
        .split(|b| matches!(b, b'/' | b'-' | b'_' | b'.'))
        .chain(name.split(|b| matches!(b, b'-' | b'_' | b'.')).take(1))
        .chain(in_name)
        .chain(lower.split(|b| *b == b'/'));
    let is_camel = |w: &[u8]| w.starts_with(b"/test") && w[5].is_ascii_uppercase();
    let is_under_t = lower.starts_with(b"t/") || memchr::memmem::find(&lower, b"/t/").is_some();
    is_under_t
        || is_of_trial(&lower)
        || pieces.any(|piece| PARTS.contains(piece))
        || path.windows(6).any(|w| &w[..5] == b"Test/" || w == b"Tests/" || is_camel(w))
        || NAME_MARKS
            .split_ascii_whitespace()
            .filter(is_mark)
            .any(|mark| memchr::memmem::find(name, mark.as_bytes()).is_some())
        || extension(&lower).is_some_and(|e| ENDINGS.split_ascii_whitespace().any(|x| x.as_bytes() == e))
}

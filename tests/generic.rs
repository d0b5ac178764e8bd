//! Notations and human languages one by one: what is found in lines with a credential, and that nothing is in lines
//! without. The tables stand in `tests/generic`.

mod support;

use std::path::Path;
use support::report;
use support::samples::fill;
use unleak::document::{Changed, Lines, Location};
use unleak::finding::Finding;

/// How many times each line is filled in.
const SEEDS: u64 = 3;

/// One line of a table.
struct Line {
    /// The table's heading above it: a notation or a language.
    of: String,
    /// The file it stands in.
    path: String,
    has_credential: bool,
    template: String,
}

fn lines(table: &str) -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generic").join(table);
    let text = std::fs::read_to_string(&path).expect("the table is there");
    let (mut of, mut path) = (String::new(), String::new());
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("==", heading)) => {
                let (name, file) = heading.rsplit_once(' ').expect("a heading names a file");
                (of, path) = (name.to_owned(), file.to_owned());
            }
            Some((mark @ ("+" | "-"), template)) => lines.push(Line {
                of: of.clone(),
                path: path.clone(),
                has_credential: mark == "+",
                template: unescaped(template),
            }),
            Some(("#", _)) | None => {}
            Some(_) => panic!("{table}: not a line of a table: {line}"),
        }
    }
    lines
}

/// `\n`, `\t` and `\\`.
fn unescaped(template: &str) -> String {
    let mut out = String::new();
    let mut characters = template.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('\\') => out.push('\\'),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            _ => out.push(character),
        }
    }
    out + "\n"
}

/// What is wrong with a line.
fn wrong_with(line: &Line) -> Option<String> {
    let (mut missed, mut odd) = (0, Vec::new());
    for seed in 0..SEEDS {
        let sample = fill(&line.path, line.template.len(), seed, &line.template);
        let found = report(&line.path, &sample.text, Changed::Whole).findings;
        let places = Lines::new(&sample.text);
        let expected: Vec<Location> = sample.expected.iter().map(|span| places.location(span)).collect();
        let meets = |finding: &Finding| expected.iter().any(|place| overlap(place, &finding.location));
        missed += usize::from(line.has_credential && !found.iter().any(meets));
        let others = found.iter().filter(|finding| finding.holds_secret() && !meets(finding));
        odd.extend(others.map(|finding| String::from_utf8_lossy(finding.secret.expose()).into_owned()));
    }
    let what = match (missed, odd.as_slice()) {
        (0, []) => return None,
        (0, odd) => format!("wrongly found {odd:?}"),
        (missed, _) => format!("missed {missed} of {SEEDS} times"),
    };
    Some(format!("{} ({}): {what}: {}", line.of, line.path, line.template.trim_end().escape_debug()))
}

fn overlap(one: &Location, other: &Location) -> bool {
    let start = |place: &Location| (place.start_line, place.start_column);
    let end = |place: &Location| (place.end_line, place.end_column);
    start(one) < end(other) && start(other) < end(one)
}

fn all_right(table: &str) {
    let lines = lines(table);
    let wrong: Vec<String> = lines.iter().filter_map(wrong_with).collect();
    assert!(wrong.is_empty(), "{} of {} lines:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

#[test]
fn a_credential_is_told_from_its_like_in_every_notation() {
    all_right("syntaxes.txt");
}

#[test]
fn a_credential_is_told_from_its_like_in_every_human_language() {
    all_right("languages.txt");
}

#[test]
fn a_credential_is_told_from_its_like_in_the_habits_of_each_ecosystem() {
    all_right("habits.txt");
}

#[test]
fn a_credential_is_told_from_its_like_as_real_histories_have_it() {
    all_right("histories.txt");
}

#[test]
fn a_credential_is_told_from_its_like_as_further_histories_have_it() {
    all_right("histories_b.txt");
}

#[test]
fn a_credential_is_told_from_its_like_as_fresh_trees_have_it() {
    all_right("trees.txt");
}

#[test]
fn every_heading_has_lines_of_both_sorts() {
    let histories = ["histories.txt", "histories_a.txt", "histories_b.txt", "trees.txt"];
    for table in ["syntaxes.txt", "languages.txt", "habits.txt"].into_iter().chain(histories) {
        let lines = lines(table);
        for of in lines.iter().map(|line| &line.of) {
            for has in [true, false] {
                assert!(lines.iter().any(|l| l.of == *of && l.has_credential == has), "{table}: {of}: {has}");
            }
        }
    }
}

#[test]
fn a_credential_is_told_from_its_like_as_a_second_set_of_histories_has_it() {
    all_right("histories_a.txt");
}

#[test]
fn what_is_found_is_as_sure_as_its_class_is_real() {
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generic/levels.txt"))
        .expect("the table is there");
    let mut path = "";
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(' ') {
            Some(("==", heading)) => path = heading.rsplit_once(' ').expect("a heading names a file").1,
            Some((level, template)) => {
                let sample = fill(path, template.len(), 1, &unescaped(template));
                let found = report(path, &sample.text, Changed::Whole).findings;
                let levels: Vec<String> =
                    found.iter().map(|finding| format!("{:?}", finding.confidence).to_ascii_lowercase()).collect();
                if levels != [level] {
                    wrong.push(format!("{path}: {template}: {levels:?}"));
                }
            }
            None => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

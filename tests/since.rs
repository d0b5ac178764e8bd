//! Going on from an earlier sweep finds what a full sweep finds in the new commits and nothing else, whatever became of
//! refs, packs and the repository in between.

use std::collections::{BTreeMap, BTreeSet};
use unleak::finding::{Finding, Moment};
use unleak::report::{Extent, Report};
use unleak::source::Surroundings;
use unleak::sweep::progress::Progress;
use unleak::sweep::state::State;
use unleak::sweep::{Options, Swept, sweep};

mod support;
use support::samples::Random;
use support::{Repository, sendgrid_key};

fn swept(repository: &Repository, since: Option<State>) -> Swept {
    let surroundings = Surroundings { cwd: repository.path().to_path_buf(), ..Surroundings::default() };
    let options = Options { since, ..Options::default() };
    sweep(&surroundings, support::quiet_scan(), &options, &Progress::default()).expect("it can be swept")
}

/// Rule, secret, path, and the commits that brought it; then those that took it away.
type Told = BTreeMap<(String, Vec<u8>, Vec<u8>, Vec<String>), BTreeSet<String>>;

/// What is told of these commits.
fn told(report: &Report, of: &dyn Fn(&str) -> bool) -> Told {
    let ids = |moments: &[Moment]| moments.iter().map(|m| m.commit_id.clone()).filter(|id| of(id)).collect::<Vec<_>>();
    let one = |finding: &Finding| {
        let story = finding.lifecycle.as_deref().expect("a sweep tells life stories");
        let (brought, gone) = (ids(&story.introduced), ids(&story.removed).into_iter().collect());
        let (rule, secret) = (finding.rule.id().to_owned(), finding.secret.expose().to_vec());
        (!brought.is_empty()).then(|| ((rule, secret, finding.origin.path.clone(), brought), gone))
    };
    report.findings.iter().filter_map(one).collect()
}

/// Goes on from a state, compares with a full sweep, and returns the report.
fn goes_on(repository: &Repository, old: &State) -> Report {
    let swept_since = swept(repository, Some(old.clone())).report;
    let extent = swept_since.coverage.history.as_ref().map(|h| h.extent.clone());
    assert!(matches!(extent, Some(Extent::SinceState)), "{extent:?}");
    let mut arguments = vec!["rev-list".to_owned(), "--all".to_owned(), "--reflog".to_owned(), "--not".to_owned()];
    arguments.extend(old.tips.iter().map(|id| id.to_hex().to_string()));
    let listed = repository.git(&arguments);
    let new: BTreeSet<&str> = listed.lines().collect();
    assert_eq!(swept_since.coverage.commits, new.len() as u64, "each new commit is read, and no other");
    let full = swept(repository, None).report;
    let (came, all) = (told(&swept_since, &|_| true), told(&full, &|id| new.contains(id)));
    assert_eq!(came.len(), swept_since.findings.len(), "nothing else is told");
    assert!(came.keys().eq(all.keys()), "{:?} and {:?}", support::told(&swept_since), support::told(&full));
    // Whether a merge only followed an old commit that removed it is not known without the old history.
    let is_kept = |(came, all): (&BTreeSet<String>, &BTreeSet<String>)| all.is_subset(came);
    assert!(came.values().zip(all.values()).all(is_kept), "{came:?} and {all:?}");
    swept_since
}

fn line(key: &str) -> String {
    format!("apiKey = \"{key}\"\n")
}

/// A history of many branches and merges in which keys come, move, go and come back, as a stream to import; it is the
/// same for the same name.
struct History {
    random: Random,
    /// What each commit holds.
    trees: Vec<BTreeMap<String, String>>,
    stream: String,
    /// Seconds between a commit and the next.
    step: u64,
}

impl History {
    fn new(name: &str, commits: usize, step: u64) -> History {
        let history = History { random: Random::new(name, 0), trees: Vec::new(), stream: String::new(), step };
        (0..commits).fold(history, |history, _| history.grown())
    }

    fn grown(mut self) -> History {
        let count = self.trees.len();
        let near = |random: &mut Random| count - 1 - random.below(count.min(6));
        let parents: Vec<usize> = match (count, self.random.below(4)) {
            (0, _) => Vec::new(),
            (_, 0) => BTreeSet::from([near(&mut self.random), near(&mut self.random)]).into_iter().collect(),
            _ => vec![near(&mut self.random)],
        };
        let mut tree = parents.first().map(|parent| self.trees[*parent].clone()).unwrap_or_default();
        for _ in 0..1 + self.random.below(3) {
            self.edit(&mut tree, &parents);
        }
        self.write(&tree, &parents);
        self.trees.push(tree);
        self
    }

    fn edit(&mut self, tree: &mut BTreeMap<String, String>, parents: &[usize]) {
        let path = ["a.js", "src/b.js", "src/deep/c.js", "src/deep/d.js", "e/f.js"][self.random.below(5)].to_owned();
        let text = tree.get(&path).cloned().unwrap_or_else(|| (0..30).map(|n| format!("// line {n}\n")).collect());
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (key, at) = (line(&sendgrid_key(self.random.below(9) as u64)), self.random.below(lines.len() + 1));
        match self.random.below(6) {
            0 => lines.insert(at, &key),
            1 => lines.retain(|line| !line.starts_with("apiKey")),
            2 => lines.insert(at, "// another line\n"),
            3 => {
                tree.remove(&path);
                return;
            }
            // What another parent has there, as a merge takes it.
            4 if parents.len() > 1 => {
                let theirs = self.trees[parents[1]].get(&path).cloned();
                tree.extend(theirs.map(|theirs| (path, theirs)));
                return;
            }
            _ => {
                let to = format!("moved/{}", self.random.below(3));
                tree.insert(to, text);
                return;
            }
        }
        let text = lines.concat();
        tree.insert(path, text);
    }

    fn write(&mut self, tree: &BTreeMap<String, String>, parents: &[usize]) {
        let number = self.trees.len();
        let seconds = 1_700_000_000 + self.step * number as u64;
        self.stream += &format!("commit refs/heads/b{number}\nmark :{}\n", number + 1);
        self.stream += &format!("committer Ada <ada@example.org> {seconds} +0000\ndata 1\nv\n");
        for (place, parent) in parents.iter().enumerate() {
            self.stream += &format!("{} :{}\n", if place == 0 { "from" } else { "merge" }, parent + 1);
        }
        self.stream += "deleteall\n";
        for (path, text) in tree {
            self.stream += &format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len());
        }
        self.stream += "\n";
    }
}

/// A repository of that history, and its commits' ids in order.
fn imported(history: &History) -> (Repository, Vec<String>) {
    let repository = Repository::with_init(&["--bare"]);
    repository.import(&history.stream);
    let ids = (0..history.trees.len()).map(|number| repository.git(["rev-parse", &format!("refs/heads/b{number}")]));
    let ids = ids.collect();
    (repository, ids)
}

fn state_at(rules: &str, ids: &[&str]) -> State {
    let tips = ids.iter().map(|id| id.parse().expect("it is an id")).collect();
    State { rules: rules.to_owned(), tips }
}

#[test]
fn from_any_commits_of_a_random_history() {
    for (name, step, depth) in [("first", 60, "50"), ("same second", 0, "3"), ("third", 86_400, "0")] {
        let history = History::new(name, 60, step);
        let (repository, ids) = imported(&history);
        repository.git(["repack", "-adfq", &format!("--depth={depth}"), "--window=20"]);
        let rules = swept(&repository, None).state.rules;
        let mut random = Random::new(name, 1);
        let mut told = 0;
        for _ in 0..12 {
            let old: Vec<&str> = (0..1 + random.below(3)).map(|_| ids[random.below(ids.len())].as_str()).collect();
            told += goes_on(&repository, &state_at(&rules, &old)).findings.len();
        }
        assert!(told > 20, "{told}");
    }
}

#[test]
fn through_a_change_that_was_taken_back_and_made_again() {
    let repository = Repository::new();
    repository.write("src/a.js", "// a\n");
    repository.write("version", "1\n");
    repository.commit("old");
    let first = swept(&repository, None).state;
    repository.write("src/a.js", line(&sendgrid_key(1)));
    for version in ["2\n", "3\n", "2\n"] {
        repository.write("version", version);
        repository.commit("the third has the tree of the first");
    }
    assert_eq!(goes_on(&repository, &first).findings.len(), 1);
    // A folder that was there before stands in another place as well.
    repository.write("copy/a.js", line(&sendgrid_key(1)));
    repository.commit("copied");
    assert_eq!(goes_on(&repository, &first).findings.len(), 2);
}

#[test]
fn in_a_repository_that_was_packed_anew_in_between() {
    let repository = Repository::new();
    repository.write("a.js", line(&sendgrid_key(1)));
    repository.write("b.js", "// b\n".repeat(50));
    repository.commit("old");
    let first = swept(&repository, None).state;
    repository.write("b.js", "// b\n".repeat(50) + &line(&sendgrid_key(2)));
    repository.commit("loose");
    assert_eq!(goes_on(&repository, &first).findings.len(), 1);
    repository.git(["gc", "--quiet"]);
    repository.write("c.js", line(&sendgrid_key(3)));
    repository.commit("loose beside a pack");
    assert_eq!(goes_on(&repository, &first).findings.len(), 2);
    repository.git(["repack", "-dq"]);
    repository.git(["multi-pack-index", "write"]);
    assert_eq!(goes_on(&repository, &first).findings.len(), 2);
}

#[test]
fn past_refs_that_were_removed_or_forced_elsewhere() {
    let repository = Repository::new();
    repository.write("a.js", line(&sendgrid_key(1)));
    let base = repository.commit("base");
    repository.git(["checkout", "--quiet", "-b", "side"]);
    repository.write("a.js", line(&sendgrid_key(2)));
    repository.commit("side");
    repository.git(["checkout", "--quiet", "main"]);
    repository.write("b.js", line(&sendgrid_key(3)));
    repository.commit("main");
    let first = swept(&repository, None).state;
    // The branch is gone, its objects are not; another branch begins anew at the base.
    repository.git(["branch", "--quiet", "-D", "side"]);
    repository.git(["reset", "--quiet", "--hard", &base]);
    assert!(goes_on(&repository, &first).findings.is_empty());
    repository.write("c.js", line(&sendgrid_key(4)));
    repository.write("b.js", line(&sendgrid_key(3)) + "// again\n");
    repository.commit("forced");
    let report = goes_on(&repository, &first);
    let keys: Vec<&[u8]> = report.findings.iter().map(|f| f.secret.expose()).collect();
    assert_eq!(keys, [sendgrid_key(3).as_bytes(), sendgrid_key(4).as_bytes()]);
}

#[test]
fn in_a_clone_with_alternates() {
    let origin = Repository::new();
    origin.write("a.js", line(&sendgrid_key(1)));
    origin.commit("old");
    origin.git(["gc", "--quiet"]);
    origin.git(["clone", "--quiet", "--shared", ".", "../shared"]);
    let shared = origin.at("../shared");
    let first = swept(&shared, None).state;
    shared.write("a.js", line(&sendgrid_key(1)) + &line(&sendgrid_key(2)));
    shared.commit("here");
    origin.write("b.js", line(&sendgrid_key(3)));
    origin.commit("there");
    shared.git(["fetch", "--quiet"]);
    assert_eq!(goes_on(&shared, &first).findings.len(), 2);
}

#[test]
fn in_a_shallow_clone_up_to_where_it_was_cut() {
    let origin = Repository::new();
    for number in 0..4 {
        origin.write("a.js", line(&sendgrid_key(number)));
        origin.commit("version");
    }
    let url = format!("file://{}", origin.path().display());
    origin.git(["clone", "--quiet", "--depth=2", &url, "../shallow"]);
    let shallow = origin.at("../shallow");
    let first = swept(&shallow, None);
    let told_of_old = first.report.coverage.missing.len();
    origin.write("a.js", line(&sendgrid_key(5)));
    origin.commit("new");
    shallow.git(["fetch", "--quiet", "--depth=1"]);
    let report = swept(&shallow, Some(first.state)).report;
    let keys: Vec<&[u8]> = report.findings.iter().map(|f| f.secret.expose()).collect();
    assert_eq!(keys, [sendgrid_key(5).as_bytes()]);
    // The new boundary is told as one, and the commit behind it is not told to be missing.
    let missing: Vec<&str> = report.coverage.missing.iter().map(|skipped| skipped.why.as_str()).collect();
    assert!(missing.len() >= told_of_old && missing.iter().all(|why| why.contains("shallow")), "{missing:?}");
}

#[test]
fn past_a_damaged_object_that_only_old_commits_need() {
    let repository = Repository::new();
    let (old, new) = ("// old\n".repeat(90), "// old\n".repeat(80) + &line(&sendgrid_key(2)));
    repository.write("a.js", &old);
    repository.commit("old");
    let blob = repository.git(["rev-parse", "HEAD:a.js"]);
    let first = swept(&repository, None).state;
    repository.write("a.js", new);
    repository.commit("new");
    std::fs::remove_file(repository.path().join(".git/objects").join(&blob[..2]).join(&blob[2..]))
        .expect("the object is loose");
    let report = swept(&repository, Some(first)).report;
    assert_eq!(report.findings.len(), 1);
}

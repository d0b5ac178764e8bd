//! What a GitHub Actions event asks to be scanned: its payload in, the commits that it brings out.

use crate::source::{Push, Selection, Side, Update};
use serde::Deserialize;

/// An event of GitHub Actions, as its runner hands it to a job.
#[derive(Debug)]
pub struct Event {
    /// GITHUB_EVENT_NAME.
    pub name: String,
    /// GITHUB_SHA, if it is set.
    pub commit_id: Option<String>,
    payload: Payload,
}

/// What a user wants to be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// What fits the event.
    Auto,
    /// What the event brings.
    Diff,
    /// Everything that was ever committed.
    History,
    /// The files as they are on disk.
    Files,
}

/// What is to be done.
#[derive(Debug)]
pub enum Task {
    /// Scan this. The words say what it is: "what the pull request brings".
    Scan(Selection, String),
    /// Sweep the whole history.
    History,
    /// Nothing can have been brought in: why.
    Nothing(&'static str),
}

/// What makes an event of no use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The payload is not what GitHub writes.
    #[error("the event's payload is not as GitHub writes it: {0}")]
    Payload(#[from] serde_json::Error),
    /// A diff was asked for, and the event has none.
    #[error("the event `{0}` brings no commits, so there is no diff to scan: give `base`, or `scan: history`")]
    NoDiff(String),
    /// The payload lacks what all of its kind have.
    #[error("the payload of the event `{event}` has no `{member}`: give `base` and `head`, or `scan: history`")]
    Lacks {
        /// The event.
        event: String,
        /// What is not there.
        member: &'static str,
    },
}

#[derive(Debug, Default, Deserialize)]
struct Payload {
    before: Option<String>,
    after: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    #[serde(default)]
    deleted: bool,
    pull_request: Option<PullRequest>,
    merge_group: Option<MergeGroup>,
    repository: Option<Repository>,
}

#[derive(Debug, Deserialize)]
struct PullRequest {
    number: Option<u64>,
    base: End,
    head: End,
}

#[derive(Debug, Deserialize)]
struct End {
    sha: String,
    /// None when the fork is gone.
    repo: Option<Repository>,
}

#[derive(Debug, Deserialize)]
struct MergeGroup {
    base_sha: String,
    base_ref: Option<String>,
    head_sha: String,
}

#[derive(Debug, Deserialize)]
struct Repository {
    full_name: Option<String>,
    default_branch: Option<String>,
}

impl Event {
    /// Reads an event: its name, GITHUB_SHA, and the file that GITHUB_EVENT_PATH names.
    pub fn read(name: &str, commit_id: Option<String>, payload: &[u8]) -> Result<Event, Error> {
        Ok(Event { name: name.to_owned(), commit_id, payload: serde_json::from_slice(payload)? })
    }

    /// What is to be scanned. `base` and `head` are the user's and outdo the event. `commit` gives the id of the
    /// commit that a revision names in this clone.
    pub fn task(
        &self,
        wanted: Wanted,
        base: Option<&str>,
        head: Option<&str>,
        commit: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Task, Error> {
        match wanted {
            Wanted::History => return Ok(Task::History),
            Wanted::Files => {
                let files = Selection::Files { paths: Vec::new(), no_ignore: false };
                return Ok(Task::Scan(files, "the files of the checkout".to_owned()));
            }
            Wanted::Auto | Wanted::Diff => {}
        }
        if let Some(base) = base {
            let head = head.map(str::to_owned).or_else(|| self.head()).unwrap_or_else(|| "HEAD".to_owned());
            return Ok(Task::Scan(
                Selection::Range(format!("{base}..{head}")),
                "what `base` and `head` ask for".to_owned(),
            ));
        }
        if self.payload.pull_request.is_some() {
            return self.pull_request(head, commit);
        }
        match self.name.as_str() {
            "merge_group" => self.merge_group(head, commit),
            "push" => self.push(head, commit),
            _ if wanted == Wanted::Auto && head.is_none() => Ok(Task::History),
            _ => Err(Error::NoDiff(self.name.clone())),
        }
    }

    /// Whether the job's token may write. That of a pull request from a fork may not, whatever the workflow says.
    pub fn may_write(&self) -> bool {
        let Some(PullRequest { base, head, .. }) = &self.payload.pull_request else { return true };
        let name = |end: &End| end.repo.as_ref().and_then(|repository| repository.full_name.clone());
        self.name == "pull_request_target" || (name(head).is_some() && name(head) == name(base))
    }

    /// Whether this is about a pull request, for which GitHub compares what is uploaded with what its base has.
    pub fn is_pull_request(&self) -> bool {
        self.payload.pull_request.is_some()
    }

    /// The commit that a pull request goes to, as the event names it.
    pub fn base(&self) -> Option<&str> {
        self.payload.pull_request.as_ref().map(|pull_request| pull_request.base.sha.as_str())
    }

    /// What to add to a workflow whose clone lacks commits of this event.
    pub fn mend(&self) -> String {
        let fetch = "add to the step with actions/checkout:\n    with:\n      fetch-depth: 0".to_owned();
        match self.payload.pull_request.as_ref().and_then(|pull_request| pull_request.number) {
            Some(number) if self.name == "pull_request_target" => format!(
                "{fetch}\nand, unless that job may fetch without credentials, before this one:\n  - run: git fetch \
                 --no-tags origin refs/pull/{number}/head"
            ),
            _ => fetch,
        }
    }

    fn head(&self) -> Option<String> {
        let payload = &self.payload;
        let pull_request = payload.pull_request.as_ref().map(|it| &it.head.sha);
        let merge_group = payload.merge_group.as_ref().map(|it| &it.head_sha);
        let pushed = payload.after.as_ref().filter(|_| self.name == "push" && !payload.deleted);
        pull_request.or(merge_group).or(pushed).cloned()
    }

    /// What the head has and the base has not. The base that the event names may be older than what was merged
    /// into the head since; the first parent of the merge that GitHub tries out is not. Neither can have the
    /// commits of the pull request itself, as the base's branch does once it is merged.
    fn pull_request(&self, head: Option<&str>, commit: &dyn Fn(&str) -> Option<String>) -> Result<Task, Error> {
        let PullRequest { base, head: event_head, .. } =
            self.payload.pull_request.as_ref().ok_or(self.lacks("pull_request"))?;
        let mut known: Vec<String> = commit(&base.sha).into_iter().collect();
        if let Some(tried) = &self.commit_id
            && commit(&format!("{tried}^2")).as_deref() == Some(event_head.sha.as_str())
        {
            known.extend(commit(&format!("{tried}^1")));
        }
        known.dedup();
        Ok(brought(&base.sha, head.unwrap_or(&event_head.sha), known, "what the pull request brings"))
    }

    fn merge_group(&self, head: Option<&str>, commit: &dyn Fn(&str) -> Option<String>) -> Result<Task, Error> {
        let group = self.payload.merge_group.as_ref().ok_or(self.lacks("merge_group"))?;
        let branch = group.base_ref.as_deref().and_then(|name| name.strip_prefix("refs/heads/"));
        let known = commit(&group.base_sha).or_else(|| commit(&tracking(branch?)));
        let head = head.unwrap_or(&group.head_sha);
        Ok(brought(&group.base_sha, head, known.into_iter().collect(), "what the merge group brings"))
    }

    /// What came since the state before. A new ref has none, and after a force-push the clone may not have it:
    /// then what the default branch does not have, or, on that branch itself, everything.
    fn push(&self, head: Option<&str>, commit: &dyn Fn(&str) -> Option<String>) -> Result<Task, Error> {
        let payload = &self.payload;
        let (Some(before), Some(after)) = (&payload.before, &payload.after) else {
            return Err(self.lacks("before` or `after"));
        };
        if payload.deleted || is_zeros(after) {
            return Ok(Task::Nothing("the push deletes a ref and brings nothing"));
        }
        let head = head.unwrap_or(after);
        if let Some(id) = commit(before).filter(|_| !is_zeros(before)) {
            return Ok(brought(before, head, vec![id], "what the push brings"));
        }
        let default = payload.repository.as_ref().and_then(|repository| repository.default_branch.as_deref());
        let is_default =
            default.is_some_and(|name| payload.reference.as_deref() == Some(&format!("refs/heads/{name}")));
        let known = default.filter(|_| !is_default).and_then(|name| commit(&tracking(name)));
        let (state, base) = (if is_zeros(before) { "a new ref" } else { "a force-push" }, default.unwrap_or_default());
        let words = match known {
            Some(_) => format!("{state}: what `{base}` does not have"),
            None => format!("{state}: everything that it reaches"),
        };
        let base = if known.is_some() { tracking(base) } else { String::new() };
        Ok(brought(&base, head, known.into_iter().collect(), &words))
    }

    fn lacks(&self, member: &'static str) -> Error {
        Error::Lacks { event: self.name.clone(), member }
    }
}

/// The commits that `head` reaches and none of the known does.
fn brought(base: &str, head: &str, known: Vec<String>, words: &str) -> Task {
    let update = Update { old: base.to_owned(), new: head.to_owned() };
    Task::Scan(Selection::Push(Push { updates: vec![update], side: Side::Runner(known) }), words.to_owned())
}

fn tracking(branch: &str) -> String {
    format!("refs/remotes/origin/{branch}")
}

fn is_zeros(id: &str) -> bool {
    id.len() >= 40 && id.bytes().all(|b| b == b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "1111111111111111111111111111111111111111";
    const NEW: &str = "2222222222222222222222222222222222222222";
    const MAIN: &str = "3333333333333333333333333333333333333333";
    const TRIED: &str = "4444444444444444444444444444444444444444";
    const ZEROS: &str = "0000000000000000000000000000000000000000";

    fn event(name: &str, payload: &str) -> Event {
        let payload = payload.replace("OLD", OLD).replace("NEW", NEW).replace("ZEROS", ZEROS);
        Event::read(name, Some(TRIED.into()), payload.as_bytes()).expect("the payload is JSON")
    }

    /// A clone that has the commits, main, and the merge that GitHub tried out.
    fn clone(revision: &str) -> Option<String> {
        match revision {
            OLD | NEW => Some(revision.to_owned()),
            "refs/remotes/origin/main" => Some(MAIN.to_owned()),
            _ if revision == format!("{TRIED}^1") => Some(MAIN.to_owned()),
            _ if revision == format!("{TRIED}^2") => Some(NEW.to_owned()),
            _ => None,
        }
    }

    /// The head and what is known to have been there, or what else is to be done.
    fn task(event: &Event, wanted: Wanted, has: impl Fn(&str) -> Option<String>) -> (String, Vec<String>) {
        match event.task(wanted, None, None, &has) {
            Ok(Task::Scan(Selection::Push(Push { updates, side: Side::Runner(known) }), _)) => {
                (updates[0].new.clone(), known)
            }
            Ok(other) => (format!("{other:?}").split('(').next().unwrap_or_default().to_owned(), Vec::new()),
            Err(error) => (error.to_string(), Vec::new()),
        }
    }

    const PUSH: &str =
        r#"{"ref": "refs/heads/x", "before": "OLD", "after": "NEW", "repository": {"default_branch": "main"}}"#;
    const PULL: &str = r#"{"number": 7, "pull_request": {"number": 7, "base": {"sha": "OLD", "repo": {"full_name": "o/r"}},
        "head": {"sha": "NEW", "repo": {"full_name": "o/r"}}}}"#;

    #[test]
    fn a_push_brings_what_comes_after_the_state_before() {
        let known = |push: &str, has: fn(&str) -> Option<String>| task(&event("push", push), Wanted::Auto, has).1;
        assert_eq!(known(PUSH, clone), [OLD]);
        let main = known(&PUSH.replace("heads/x", "heads/main"), clone);
        assert_eq!(main, [OLD]);
        for (push, has) in [
            (PUSH.replace("OLD", "ZEROS"), clone as fn(&str) -> _),
            (PUSH.to_owned(), |revision| clone(revision).filter(|id| id != OLD)),
        ] {
            assert_eq!(known(&push, has), [MAIN], "what the default branch does not have");
            assert!(known(&push.replace("heads/x", "heads/main"), has).is_empty(), "on itself, everything");
        }
        let deleted = PUSH.replace("NEW", "ZEROS").replace("{\"ref\"", "{\"deleted\": true, \"ref\"");
        assert_eq!(task(&event("push", &deleted), Wanted::Auto, clone).0, "Nothing");
    }

    #[test]
    fn a_pull_request_brings_what_neither_its_base_nor_the_merge_that_was_tried_has() {
        let pull = event("pull_request", PULL);
        assert_eq!(task(&pull, Wanted::Auto, clone), (NEW.to_owned(), vec![OLD.to_owned(), MAIN.to_owned()]));
        // A commit that is no merge of this head tells nothing about the base.
        let other = |revision: &str| clone(revision).filter(|_| !revision.ends_with("^2"));
        assert_eq!(task(&pull, Wanted::Auto, other).1, [OLD]);
    }

    #[test]
    fn events_that_bring_nothing_have_the_history_swept_and_no_diff() {
        let schedule = event("schedule", "{\"schedule\": \"0 5 * * 1\"}");
        assert_eq!(task(&schedule, Wanted::Auto, clone).0, "History");
        assert!(task(&schedule, Wanted::Diff, clone).0.contains("give `base`"));
        assert_eq!(task(&event("push", PUSH), Wanted::History, clone).0, "History");
        assert!(task(&event("push", "{}"), Wanted::Auto, clone).0.contains("has no `before` or `after`"));
        let group = r#"{"merge_group": {"base_sha": "OLD", "base_ref": "refs/heads/main", "head_sha": "NEW"}}"#;
        assert_eq!(task(&event("merge_group", group), Wanted::Auto, clone).1, [OLD]);
    }

    #[test]
    fn only_a_pull_request_of_the_same_repository_may_write() {
        assert!(event("push", PUSH).may_write() && event("pull_request", PULL).may_write());
        let fork = PULL.replacen(
            "\"NEW\", \"repo\": {\"full_name\": \"o/r\"}",
            "\"NEW\", \"repo\": {\"full_name\": \"f/r\"}",
            1,
        );
        assert!(!event("pull_request", &fork).may_write() && event("pull_request_target", &fork).may_write());
        let gone = PULL.replacen("\"NEW\", \"repo\": {\"full_name\": \"o/r\"}", "\"NEW\", \"repo\": null", 1);
        assert!(!event("pull_request", &gone).may_write(), "the fork was deleted");
    }

    #[test]
    fn a_range_of_ones_own_outdoes_the_event() {
        let push = event("push", PUSH);
        let range = |base, head| match push.task(Wanted::Auto, Some(base), head, &clone) {
            Ok(Task::Scan(Selection::Range(range), _)) => range,
            other => format!("{other:?}"),
        };
        assert_eq!(range("v1", None), format!("v1..{NEW}"));
        assert_eq!(range("v1", Some("v2")), "v1..v2");
    }

    #[test]
    fn what_is_no_payload_is_an_error() {
        assert!(Event::read("push", None, b"nonsense").is_err());
    }
}

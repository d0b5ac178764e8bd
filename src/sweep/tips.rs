//! Where history is entered: HEAD, refs, the heads of other worktrees, reflogs.

use super::inflate::Inflater;
use super::objects::Objects;
use gix::ObjectId;
use gix::objs::Kind;
use std::collections::BTreeSet;
use std::path::Path;

/// A ref and what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// Its full name, or HEAD.
    pub name: String,
    /// The object it names, and those that tags among them name in turn; the last is no tag.
    pub chain: Vec<ObjectId>,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tips {
    /// Refs in order of their names; HEAD as well if it is detached, and other worktrees' heads.
    pub refs: Vec<Tip>,
    /// The commit that HEAD is at.
    pub head: Option<ObjectId>,
    /// What reflogs name.
    pub logged: BTreeSet<ObjectId>,
    /// What can't be read of them, and why.
    pub problems: Vec<(String, String)>,
}

impl Tips {
    /// Finds them.
    pub fn of(repository: &gix::Repository, objects: &Objects) -> Self {
        let mut tips = Tips::default();
        let mut inflater = Inflater::default();
        let mut add = |tips: &mut Tips, name: String, id: ObjectId| {
            let chain = chain(objects, id, &mut inflater);
            tips.refs.push(Tip { name, chain });
        };
        match repository.references() {
            Ok(platform) => match platform.all() {
                Ok(all) => {
                    for reference in all {
                        match reference {
                            Ok(reference) => {
                                let name = reference.name().as_bstr().to_string();
                                if let Some(id) = reference.try_id() {
                                    add(&mut tips, name, id.detach());
                                }
                            }
                            Err(e) => tips.problems.push(("refs".into(), e.to_string())),
                        }
                    }
                }
                Err(e) => tips.problems.push(("refs".into(), e.to_string())),
            },
            Err(e) => tips.problems.push(("refs".into(), e.to_string())),
        }
        tips.head = repository.head_id().ok().map(|id| id.detach());
        if let Some(id) = tips.head
            && repository.head_name().is_ok_and(|name| name.is_none())
        {
            add(&mut tips, "HEAD".into(), id);
        }
        let common = repository.common_dir();
        for (name, folder) in worktrees(common) {
            let Ok(head) = std::fs::read_to_string(folder.join("HEAD")) else { continue };
            if let Ok(id) = ObjectId::from_hex(head.trim().as_bytes()) {
                add(&mut tips, format!("worktrees/{name}/HEAD"), id);
            }
            // What a bisection or a rebase there keeps, and what somebody keeps there alone.
            for (below, id) in loose_refs(&folder) {
                add(&mut tips, format!("worktrees/{name}/{below}"), id);
            }
            read_logs(&folder.join("logs"), &mut tips.logged);
        }
        read_logs(&common.join("logs"), &mut tips.logged);
        tips.refs.sort_by(|a, b| a.name.cmp(&b.name));
        tips.refs.dedup();
        tips
    }

    /// Every object that a ref, HEAD or a reflog names.
    pub fn named(&self) -> BTreeSet<ObjectId> {
        let refs = self.refs.iter().filter_map(|tip| tip.chain.first().copied());
        refs.chain(self.head).chain(self.logged.iter().copied()).collect()
    }
}

/// An object and, if it is a tag, what it names, to the end.
fn chain(objects: &Objects, id: ObjectId, inflater: &mut Inflater) -> Vec<ObjectId> {
    let mut chain = vec![id];
    while let Some(last) = chain.last()
        && chain.len() < 64
    {
        // Most refs name commits: the pack's header says so without inflating anything.
        if !objects.can_be_tag(last) {
            break;
        }
        let Ok((Kind::Tag, text)) = objects.read(last, inflater) else { break };
        match super::texts::target(&text) {
            Some(target) => chain.push(target),
            None => break,
        }
    }
    chain
}

fn worktrees(common: &Path) -> Vec<(String, std::path::PathBuf)> {
    let Ok(entries) = std::fs::read_dir(common.join("worktrees")) else { return Vec::new() };
    let mut found: Vec<_> =
        entries.flatten().map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect();
    found.sort();
    found
}

/// The refs that a worktree has for itself; they stand in no list of packed ones.
fn loose_refs(folder: &Path) -> Vec<(String, ObjectId)> {
    let (mut folders, mut found) = (vec![folder.join("refs")], Vec::new());
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(_) => {
                    let id = std::fs::read(&path).ok().and_then(|text| ObjectId::from_hex(text.trim_ascii()).ok());
                    let name = path.strip_prefix(folder).ok().map(|name| name.to_string_lossy().replace('\\', "/"));
                    found.extend(name.zip(id));
                }
                Err(_) => {}
            }
        }
    }
    found
}

/// Both ids of every line of every log below a folder.
fn read_logs(folder: &Path, logged: &mut BTreeSet<ObjectId>) {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => {
                    let Ok(text) = std::fs::read(entry.path()) else { continue };
                    for line in text.split(|b| *b == b'\n') {
                        let ids = line.split(|b| *b == b' ').take(2);
                        logged.extend(ids.filter_map(|id| ObjectId::from_hex(id).ok()).filter(|id| !id.is_null()));
                    }
                }
                _ => {}
            }
        }
    }
}

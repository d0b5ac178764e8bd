//! What the next commit will contain, read from the index and never from the disk.

use super::entries::entries;
use super::repository::Repository;
use super::trees::index_changes;
use super::{Error, Reader, Selected, Surroundings, scanned};
use gix::ObjectId;

/// Selects what is staged: all that neither HEAD nor, in a merge, any commit merged has.
pub fn select(surroundings: &Surroundings) -> Result<Selected, Error> {
    let repository = Repository::require(surroundings)?;
    let Some(work_tree) = repository.work_tree() else {
        return Err(Error::Bare(repository.git_dir().to_path_buf()));
    };
    let objects = repository.objects().reader();
    let mut commit_ids: Vec<ObjectId> = repository.head_id()?.into_iter().collect();
    if !commit_ids.is_empty() {
        commit_ids.extend(repository.merged_ids()?);
        commit_ids.extend(surroundings.merging.iter().filter_map(|id| ObjectId::from_hex(id.as_bytes()).ok()));
    }
    let mut trees = Vec::new();
    for commit_id in commit_ids {
        trees.push(Some(repository.tree_id(&objects, commit_id)?));
    }
    let mut selected = Selected {
        scanned: scanned("staged", surroundings, Some(work_tree)),
        ..Selected::nothing(Reader::of(repository.objects().clone()))
    };
    let Some(index) = repository.index()? else { return Ok(selected) };
    let mut changes = index_changes(&objects, &index, &trees);
    for path in std::mem::take(&mut changes.conflicts) {
        selected.notices.push(format!(
            "{} has conflicts and can't be committed as it is: both sides of it were scanned",
            String::from_utf8_lossy(&path)
        ));
    }
    let (entries, coverage) =
        entries(changes, None, &objects, |nth| index_changes(&objects, &index, &trees[nth..=nth]).removed);
    selected.entries = entries;
    selected.coverage = coverage;
    Ok(selected)
}

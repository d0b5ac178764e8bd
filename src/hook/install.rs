//! Puts hooks into a repository and takes them out again, and leaves everything else as it was.

use super::git::{Git, Place};
use super::script::{self, Before, KEPT, Program};
use super::{Error, Hook, file_error};
use std::fs::Permissions;
use std::path::{Path, PathBuf};

/// Where a hook is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nowhere.
    Absent,
    /// In a file; also the one that was there before, if it was kept and runs first.
    File(PathBuf, Option<PathBuf>),
    /// In Git's settings.
    Settings,
    /// There is another hook in its file.
    Other(PathBuf),
}

/// Hooks that a folder for all repositories must hand on to a repository's own, since with `core.hooksPath` set
/// Git does not look for those.
const OTHERS: [&str; 15] = [
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "prepare-commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "post-rewrite",
    "pre-auto-gc",
    "post-index-change",
    "sendemail-validate",
    "pre-receive",
    "post-receive",
    "post-update",
];

/// Puts a hook into a folder of hooks. One that is there is set aside and runs first.
pub fn into_folder(
    hooks: &Path,
    hook: Hook,
    program: &Program,
    before: Before,
    may_overwrite: bool,
) -> Result<State, Error> {
    let path = hooks.join(hook.name());
    let kept = kept_path(hooks, hook);
    let text = script::text(hook, program, before);
    std::fs::create_dir_all(hooks).map_err(file_error(hooks, "made"))?;
    let is_other = exists(&path) && !is_ours(&path) && !passes_on(&path);
    // What was set aside for a hook of ours that is gone would run again, which nobody asked for.
    if exists(&kept) && (is_other || !exists(&path)) && !may_overwrite {
        return Err(Error::InTheWay { path, kept });
    }
    if is_other {
        std::fs::rename(&path, &kept).map_err(file_error(&path, "set aside"))?;
    }
    if let Err(error) = put(&path, &text, SCRIPT, None) {
        if is_other {
            // Better the old hook than none.
            let _ = std::fs::rename(&kept, &path);
        }
        return Err(error);
    }
    let kept = Some(kept).filter(|kept| exists(kept));
    Ok(State::File(path, kept))
}

/// Takes a hook out of a folder of hooks and brings back what was there before. Says whether it was there.
pub fn out_of_folder(hooks: &Path, hook: Hook) -> Result<bool, Error> {
    let path = hooks.join(hook.name());
    let kept = kept_path(hooks, hook);
    if !is_ours(&path) {
        return Ok(false);
    }
    if exists(&kept) {
        std::fs::rename(&kept, &path).map_err(file_error(&kept, "brought back"))?;
    } else {
        std::fs::remove_file(&path).map_err(file_error(&path, "removed"))?;
    }
    Ok(true)
}

/// Puts a hook into Git's settings, where hooks of several programs stand side by side.
pub fn into_settings(git: &Git, scope: &str, hook: Hook, program: &Program) -> Result<State, Error> {
    let section = section(hook);
    let command = script::command(hook, program);
    git.set(scope, &format!("{section}.command"), &command)?;
    git.set(scope, &format!("{section}.event"), hook.name())?;
    Ok(State::Settings)
}

/// Takes it out of Git's settings. Says whether it was there.
pub fn out_of_settings(git: &Git, scope: &str, hook: Hook) -> Result<bool, Error> {
    let was_there = in_settings(git, scope, hook)?;
    if was_there {
        git.forget(scope, &section(hook))?;
    }
    Ok(was_there)
}

fn in_settings(git: &Git, scope: &str, hook: Hook) -> Result<bool, Error> {
    Ok(git.setting(scope, &format!("{}.event", section(hook)))?.is_some())
}

/// Where a hook of this repository is.
pub fn state(place: &Place, hook: Hook) -> Result<State, Error> {
    if place.has_config_hooks && in_settings(&place.git, "", hook)? {
        return Ok(State::Settings);
    }
    Ok(state_in(&place.hooks, hook))
}

/// Where a hook of all repositories is.
pub fn global_state(git: &Git, folder: &Path, hook: Hook) -> Result<State, Error> {
    if git.has_config_hooks()? && in_settings(git, "--global", hook)? {
        return Ok(State::Settings);
    }
    let is_used = git.setting("--global", "core.hooksPath")?.is_some_and(|path| Path::new(&path) == folder);
    Ok(if is_used { state_in(folder, hook) } else { State::Absent })
}

fn state_in(hooks: &Path, hook: Hook) -> State {
    let path = hooks.join(hook.name());
    let kept = Some(kept_path(hooks, hook)).filter(|kept| exists(kept));
    match exists(&path) {
        true if is_ours(&path) => State::File(path, kept),
        true if passes_on(&path) => State::Absent,
        true => State::Other(path),
        false => State::Absent,
    }
}

/// Fills the folder for all repositories with hooks that hand on to a repository's own, and points Git to it.
pub fn fill_global(git: &Git, folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(file_error(folder, "made"))?;
    for name in OTHERS.into_iter().chain(Hook::CLIENT.map(Hook::name)) {
        let path = folder.join(name);
        if !exists(&path) {
            put(&path, &script::pass_on(name), SCRIPT, None)?;
        }
    }
    git.set("--global", "core.hooksPath", &folder.display().to_string())
}

/// Points Git away from that folder, and removes it. Says whether it did.
pub fn empty_global(git: &Git, folder: &Path) -> Result<bool, Error> {
    let is_used = git.setting("--global", "core.hooksPath")?.is_some_and(|path| Path::new(&path) == folder);
    if is_used {
        git.ask(&["config", "--global", "--unset", "core.hooksPath"])?;
    }
    for name in OTHERS.into_iter().chain(Hook::CLIENT.map(Hook::name)) {
        let path = folder.join(name);
        if is_ours(&path) || passes_on(&path) {
            std::fs::remove_file(&path).map_err(file_error(&path, "removed"))?;
        }
    }
    // Something of the user's may stand in it.
    let _ = std::fs::remove_dir(folder);
    Ok(is_used)
}

fn section(hook: Hook) -> String {
    format!("hook.unleak-{}", hook.name())
}

fn kept_path(hooks: &Path, hook: Hook) -> PathBuf {
    hooks.join(format!("{}{KEPT}", hook.name()))
}

/// Also true of a link that leads nowhere.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn is_ours(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|text| script::is_ours(&text))
}

fn passes_on(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|text| script::passes_on(&text))
}

/// The mode of a file that can be run.
const SCRIPT: u32 = 0o755;

/// Writes a file, whole or not at all: with these permissions or, if there are none, with this mode.
#[cfg_attr(not(unix), allow(unused_variables))]
pub(super) fn put(path: &Path, text: &str, mode: u32, permissions: Option<Permissions>) -> Result<(), Error> {
    use std::io::Write;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unleak-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(Permissions::from_mode(mode));
    }
    let written = builder.tempfile_in(folder).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        if let Some(permissions) = permissions {
            file.as_file().set_permissions(permissions)?;
        }
        file.persist(path).map_err(|error| error.error)
    });
    written.map(|_| ()).map_err(file_error(path, "written"))
}

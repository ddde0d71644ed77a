//! The needs of a chore on this machine, and how they are met.
//!
//! [`machine`] looks, [`mod@plan`] decides without touching anything, this file carries it out.

mod machine;
mod plan;
mod tools;

use std::fs::{self, File};
use std::io;
use std::process::Command;

use anyhow::{Context, Result, bail};

use machine::Machine;
pub use machine::{is_root, on_path};
pub use plan::Need;
use plan::{Folder, Instruction, Job, Step, plan};
pub use tools::Tools;

use crate::{project, steps};

/// Puts in place what is missing; quiet when nothing is.
///
/// A step that only a person can do is named with its commands, before any long step, and is an error.
pub fn ensure(needs: &[Need]) -> Result<Tools> {
    let tools = Tools::pinned()?;
    if missing_steps(needs, &tools).is_empty() {
        return Ok(tools);
    }
    let _lock = lock(&tools)?;
    // Another process may have done it while this one waited for the lock.
    let missing = missing_steps(needs, &tools);
    ask_for_help(&missing)?;
    for step in &missing {
        if let Step::Run(job) = step {
            carry_out(job)?;
        }
    }
    confirm(&missing_steps(needs, &tools))?;
    Ok(tools)
}

/// A package manager may say that all went well, and the program still not be where it is looked for.
fn confirm(missing: &[Step]) -> Result<()> {
    let unfinished = missing.iter().find_map(|step| match step {
        Step::Run(job) if job.needed => Some(job),
        _ => None,
    });
    match unfinished {
        Some(job) => bail!("this ended well and changed nothing: {}; is it on the PATH?", job.says),
        None => Ok(()),
    }
}

fn missing_steps(needs: &[Need], tools: &Tools) -> Vec<Step> {
    plan(&Machine::look(tools), needs, tools)
}

/// One setup at a time: two would build the same tools in the same folders.
fn lock(tools: &Tools) -> Result<File> {
    let folder = &tools.folder;
    fs::create_dir_all(folder).with_context(|| {
        format!(
            "cannot make {}; set SWARMGLASS_CACHE to a folder that may be written",
            folder.display()
        )
    })?;
    let file = File::create(folder.join(".lock"))?;
    if file.try_lock().is_err() {
        eprintln!("waiting for another setup that is running on this machine");
        file.lock()?;
    }
    Ok(file)
}

fn ask_for_help(missing: &[Step]) -> Result<()> {
    let instructions = missing.iter().filter_map(|step| match step {
        Step::Tell(instruction) => Some(instruction),
        Step::Run(_) => None,
    });
    let (needed, optional): (Vec<_>, Vec<_>) = instructions.partition(|told| told.needed);
    optional.iter().for_each(|told| eprintln!("{told}\n"));
    if needed.is_empty() {
        return Ok(());
    }
    let needed: Vec<_> = needed.iter().map(|told: &&Instruction| told.to_string()).collect();
    bail!(
        "something is missing on this machine\n\n{}\n\nThen run this again.",
        needed.join("\n\n")
    );
}

fn carry_out(job: &Job) -> Result<()> {
    eprintln!("\nsetup: {} ({})", job.says, job.takes);
    let outcome = job.commands.iter().try_for_each(|(program, arguments)| {
        let environment = job.environment.iter().map(|(name, value)| (*name, value.as_str()));
        // On Windows a script such as `npm.cmd` only starts under its whole name.
        let program = on_path(program).unwrap_or_else(|| program.into());
        let mut command = Command::new(program);
        steps::run(command.args(arguments).envs(environment).current_dir(project::root()))
    });
    match (outcome, &job.fills) {
        (Ok(()), Some(folder)) => finish(folder),
        (Err(error), _) if !job.needed => {
            eprintln!("setup: going on without it: {error:#}");
            Ok(())
        }
        (outcome, _) => outcome.with_context(|| format!("could not do this: {}", job.says)),
    }
}

/// The last step of an installation: until then the folder does not have the name that counts.
fn finish(folder: &Folder) -> Result<()> {
    remove_if_there(&folder.finished)?;
    fs::rename(&folder.unfinished, &folder.finished)
        .with_context(|| format!("cannot make {}", folder.finished.display()))?;
    remove_if_there(&folder.scratch)
}

fn remove_if_there(folder: &std::path::Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

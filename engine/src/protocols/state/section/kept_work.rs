//! The rules of the keys under which work is kept (W14): they are made here, of the right types.

use super::KeptWorkFile;
use super::keys::{KEYS_MAX, check_key_name, check_new_key};
use crate::common::room::Members;
use crate::protocol::problem::Problem;
use crate::protocols::state::crdt::CrdtKind;
use crate::protocols::state::of_work::WorkKeys;
use crate::protocols::state::replica::{KeyId, KeyRule};
use crate::protocols::state::resolve::Strategy;
use crate::sim::AgentId;

/// Makes the keys, behind those of the author.
pub(super) fn check_kept_work(
    file: &KeptWorkFile,
    cast: &dyn Members,
    keys: &mut Vec<KeyRule>,
) -> Result<WorkKeys, Problem> {
    if !cast.gives_tasks() {
        let repair = "add \"work\": {} beside \"state\", or leave this out";
        return Err(Problem::new("work", "a scenario that has work", "none", repair));
    }
    if *file == KeptWorkFile::default() {
        let repair = "write for example \"queue\": \"task_queue\", or leave \"work\" out of state";
        return Err(Problem::new("work", "one of queue, lists, completed", "none", repair));
    }
    let example = "write for example \"task_queue\"";
    let mut made = WorkKeys::default();
    // First, because a page shows the first key at first: this one changes all the time and is short.
    if let Some(name) = &file.completed {
        let key = make("work.completed", vec![name.clone()], CrdtKind::GCounter, keys, example)?;
        made.completed = key.first().copied();
    }
    if let Some(name) = &file.queue {
        let key = make("work.queue", vec![name.clone()], CrdtKind::OrSet, keys, example)?;
        made.queue = key.first().copied();
    }
    if let Some(prefix) = &file.lists {
        let profiles = (0..cast.count()).filter_map(|number| cast.profile(AgentId(number)));
        let names = profiles.map(|profile| format!("{prefix}{}", profile.name));
        let repair = "the id of each agent stands behind it: shorten it, or rename the agent";
        made.lists = make("work.lists", names.collect(), CrdtKind::OrSet, keys, repair)?;
    }
    Ok(made)
}

/// Makes keys of these names, which differ from each other.
fn make(
    path: &str,
    names: Vec<String>,
    kind: CrdtKind,
    keys: &mut Vec<KeyRule>,
    repair: &str,
) -> Result<Vec<KeyId>, Problem> {
    let others = keys.len();
    let all = others + names.len();
    if all > KEYS_MAX {
        let repair = "leave it out, or keep fewer keys";
        return Err(Problem::new(
            path,
            format!("1 to {KEYS_MAX} keys in all"),
            all.to_string(),
            repair,
        ));
    }
    let mut made = Vec::new();
    for name in names {
        check_key_name(path, &name, repair)?;
        let taken =
            "this key is made for the work: leave it out of state.keys, or name it another way";
        check_new_key(path, &name, &keys[..others], taken)?;
        made.push(KeyId(keys.len() as u32));
        let (kind, strategy) = (Some(kind), Strategy::Crdt);
        keys.push(KeyRule { name: name.into(), kind, strategy, change: 0, strong: false });
    }
    Ok(made)
}

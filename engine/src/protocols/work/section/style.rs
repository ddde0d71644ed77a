//! The rules of how an agent works.

use std::sync::Arc;

use super::{NeedFile, WorkStyleFile};
use crate::common::room::Individual;
use crate::common::value::Value;
use crate::common::value::data::{DataFile, check_value};
use crate::map::Map;
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::number::write_number;
use crate::protocol::problem::{Problem, suggestion};
use crate::protocols::work::questions::Need;
use crate::protocols::work::{Gift, WorkStyle};

/// How an agent works, shared by all that are alike.
impl Individual for Arc<WorkStyle> {
    type File = WorkStyleFile;

    const ABOUT: &'static str = "How it works.";

    fn check(
        own: Option<&WorkStyleFile>,
        template: Option<&WorkStyleFile>,
        skills: &[Arc<str>],
    ) -> Result<Self, Problem> {
        check_style(own, template, skills).map(Self::new)
    }

    fn built_in(template: &str) -> Option<WorkStyleFile> {
        let is_manager = template == "manager";
        is_manager.then(|| WorkStyleFile { manager: Some(true), ..WorkStyleFile::default() })
    }
}

/// The words of an agent on how it works, or else those of its template; `skills` are the agent's.
fn check_style(
    own: Option<&WorkStyleFile>,
    template: Option<&WorkStyleFile>,
    skills: &[Arc<str>],
) -> Result<WorkStyle, Problem> {
    let none = WorkStyleFile::default();
    let (own, template) = (own.unwrap_or(&none), template.unwrap_or(&none));
    // A template may say more than each agent needs.
    for (field, names) in [
        ("takes_ms", own.takes_ms.keys().collect::<Vec<_>>()),
        ("gives_for", own.gives_for.keys().collect()),
    ] {
        let unknown = |name: &&&String| !skills.iter().any(|skill| **skill == ***name);
        if let Some(name) = names.iter().find(unknown) {
            let near = suggestion(name, skills.iter().map(|skill| &**skill));
            let repair = format!("name one of its skills{near}");
            let found = format!("{name:?}, which it does not have");
            return Err(Problem::new(field, "skills that the agent has", found, repair));
        }
    }
    let default = WorkStyle::default();
    let takes_ms = if own.takes_ms.is_empty() { &template.takes_ms } else { &own.takes_ms };
    let mut takes_us = Map::new();
    for (skill, ms) in takes_ms {
        let path = format!("takes_ms.{skill}");
        let us = decimal::microseconds(&path, *ms)?;
        if us == 0 {
            return Err(Problem::new(path, "above 0", "0", "leave it out for what the task says"));
        }
        takes_us.insert(skill.as_str().into(), us);
    }
    let mut gives = Vec::new();
    let for_all = if own.gives.is_empty() { &template.gives } else { &own.gives };
    give(&mut gives, "gives", None, for_all)?;
    let by_skill = if own.gives_for.is_empty() { &template.gives_for } else { &own.gives_for };
    for (skill, results) in by_skill {
        give(&mut gives, &format!("gives_for.{skill}"), Some(skill), results)?;
    }
    let knows = if own.knows.is_empty() { &template.knows } else { &own.knows };
    let needs = if own.needs.is_empty() { &template.needs } else { &own.needs };
    let (speed, fails) = (own.speed.or(template.speed), own.fails.or(template.fails));
    Ok(WorkStyle {
        speed_milli: match speed {
            Some(speed) => decimal::speed("speed", speed)?,
            None => default.speed_milli,
        },
        fails_ppm: match fails {
            Some(fails) => decimal::parts_per_million("fails", fails)?,
            None => default.fails_ppm,
        },
        quality: match own.quality.or(template.quality) {
            Some(quality) => check_quality(quality)?,
            None => default.quality,
        },
        healthy: own.healthy.or(template.healthy).unwrap_or(default.healthy),
        takes_us,
        knows: check_knows("knows", knows)?,
        needs: check_needs(needs, &gives)?,
        gives,
        weight: match own.weight.or(template.weight) {
            Some(weight) => decimal::within("weight", weight, 1..=1_000, "leave it out for 1")?,
            None => default.weight,
        },
        is_manager: own.manager.or(template.manager).unwrap_or(default.is_manager),
    })
}

fn give(
    gives: &mut Vec<Gift>,
    path: &str,
    skill: Option<&String>,
    results: &Map<String, DataFile>,
) -> Result<(), Problem> {
    // Together, since they come in one message.
    let Value::Map(results) = check_value(path, &DataFile::Map(results.clone()))? else {
        return Ok(());
    };
    let skill: Option<Arc<str>> = skill.map(|skill| skill.as_str().into());
    gives.extend(results.iter().map(|(key, value)| (skill.clone(), key.clone(), value.clone())));
    Ok(())
}

/// The values that an agent knows, or comes to know.
pub fn check_knows(
    path: &str,
    knows: &Map<String, DataFile>,
) -> Result<Map<Arc<str>, Value>, Problem> {
    let mut values = Map::new();
    for (key, value) in knows {
        let path = format!("{path}.{key}");
        check_name(&path, key, "name it for example \"budget\"")?;
        values.insert(key.as_str().into(), check_value(&path, value)?);
    }
    Ok(values)
}

/// The needs of an agent: a cap has no effect on a number that the agent does not give.
fn check_needs(needs: &Map<String, NeedFile>, gives: &[Gift]) -> Result<Vec<Need>, Problem> {
    let mut checked = Vec::new();
    for (key, need) in needs {
        let path = format!("needs.{key}");
        check_name(&path, key, "name it for example \"budget\"")?;
        if let Some(capped) = &need.caps {
            let mut numbers = gives.iter().filter(|(_, _, value)| value.as_number().is_some());
            if !numbers.any(|(_, given, _)| **given == **capped) {
                let near = suggestion(capped, gives.iter().map(|(_, given, _)| &**given));
                let repair = format!("name a number that it gives{near}");
                let (path, found) = (format!("{path}.caps"), format!("{capped:?}"));
                return Err(Problem::new(path, "a number that the agent gives", found, repair));
            }
        }
        let shared = |text: &Option<String>| text.as_deref().map(Arc::from);
        if let Some(given) = &need.gives_as {
            check_name(&format!("{path}.as"), given, "name it for example \"budget\"")?;
        }
        checked.push(Need {
            key: key.as_str().into(),
            ask: shared(&need.ask),
            caps: shared(&need.caps),
            gives_as: shared(&need.gives_as),
        });
    }
    Ok(checked)
}

fn check_quality((least, most): (f64, f64)) -> Result<(u8, u8), Problem> {
    let points = |quality: f64| decimal::whole(quality, 0..=100).map(|points| points as u8);
    let found = || format!("{} before {}", write_number(least), write_number(most));
    match (points(least), points(most)) {
        (Some(least), Some(most)) if least <= most => Ok((least, most)),
        (Some(_), Some(_)) => {
            let expected = "the least quality before the most";
            Err(Problem::new("quality", expected, found(), "swap the two"))
        }
        _ => {
            let expected = "two whole numbers from 0 to 100";
            Err(Problem::new("quality", expected, found(), "write for example [85, 95]"))
        }
    }
}

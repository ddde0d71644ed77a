//! Work that is shared out as documents: whose boards there are, how the task that is shown stands, who works when, who
//! bid, what agents carry, and what it does to reputations.

mod bids;
mod choice;
mod gantt;
mod queue;
mod reputation;
mod shares;
mod utilisation;

use super::figures::{Figure, Figures};
use super::load::{LIMIT_PERMILLE, LoadRow, Loads};
use super::managers::{Manager, Managers};
use super::results::{ResultRow, Results};
use super::tasks::{Item as Task, Tasks};
use super::team::{Coverage, SkillRow, TeamCell};
use super::{Panels, panels};
use crate::common::shown::{Look, Peek};
use crate::protocol::document::{
    Align, Cell, Choice, Column, Document, Item, Level, List, ListLayout, Part as Stretch, Picker,
    PickerOption, Press, Row, Sentence, Sign, Table, Texture, Tint, TrackBar, Weight,
};
use crate::protocols::work::boards::coordinators;
use crate::protocols::work::role::Work;
use crate::protocols::work::standing::Standing;
use crate::sim::AgentId;

/// Up to so many tasks stand in a list, more as a grid of signs.
const LISTED_MAX: usize = 8;

/// So many tasks are told of one by one, the first.
const EACH_MAX: u32 = 12;

/// Documents of one task; the others are of all of them.
const OF_A_TASK: [&str; 5] = ["work-panel", "work-gantt", "work-bids", "work-choice", "work-team"];

/// All that is said of the work; nothing where nobody works.
pub fn documents(peek: &dyn Peek<Work>, look: &Look) -> Vec<Document> {
    let Some(said) = panels(peek, look) else { return Vec::new() };
    let mut documents: Vec<Document> = Vec::new();
    documents.extend(said.managers.as_ref().map(managers));
    documents.extend(said.queue.as_ref().map(queue::document));
    // Under a rule the first question is how even it shares out.
    let (first, later) =
        if said.chosen.is_some() { (&said.shares, &None) } else { (&None, &said.shares) };
    documents.extend(first.as_ref().map(shares::document));
    documents.extend(said.tasks.as_ref().map(|it| tasks(it, said.manager)));
    documents.push(task(&said));
    documents.extend(said.gantt.as_ref().map(gantt::document));
    documents.extend(said.bids.as_ref().map(bids::document));
    documents.extend(said.chosen.as_ref().map(choice::document));
    documents.extend(said.coverage.as_ref().map(coverage));
    documents.extend(later.as_ref().map(shares::document));
    documents.extend(said.loads.as_ref().map(loads));
    documents.extend(reputation::document(&said.reputations));
    documents.extend(said.figures.as_ref().map(figures));
    documents
}

/// Each of several tasks, with who worked on it, and then what is true of all of them.
pub fn whole(peek: &dyn Peek<Work>) -> Vec<Document> {
    let tasks = coordinators(peek).map_or(0, |it| it.board.jobs.len() as u32);
    if tasks < 2 {
        return documents(peek, &Look::default());
    }
    let mut all = Vec::new();
    let mut last = Vec::new();
    for task in 0..tasks.min(EACH_MAX) {
        last = documents(peek, &Look::at("task", task));
        let tells = |it: &&Document| matches!(it.id, "work-panel" | "work-gantt");
        all.extend(last.iter().filter(tells).cloned());
    }
    last.retain(|it| !OF_A_TASK.contains(&it.id));
    all.into_iter().chain(last).collect()
}

/// The managers with boards, the one that is shown, and what each of them has given to whom.
fn managers(managers: &Managers) -> Document {
    let option = |row: &Manager| PickerOption {
        text: row.name.clone(),
        press: Press::Select(row.agent),
        chosen: row.is_shown,
    };
    let options = managers.rows.iter().map(option).collect();
    let more = match managers.more {
        0 => None,
        more => {
            Some(Sentence::at(Level::Quiet, format!("and {more} more: select them on the stage")))
        }
    };
    let rows = managers.rows.iter().flat_map(given).collect();
    Document::new("work-managers", "Managers")
        .hint("whose board is shown")
        .block(Picker { id: "managers", label: "Board", options, is_row: true })
        .block_if(more)
        .block(Table { id: "given", caption: "Who has given what", rows, ..Table::default() })
}

fn given(manager: &Manager) -> Vec<Row> {
    let inner = |who: &str, what: String| Row {
        is_inner: true,
        ..Row::new(Cell::text(who), [Cell::text(what)])
    };
    let name = Cell::text(manager.name.as_str()).weight(Weight::Strong);
    let mut rows = vec![Row::new(name, [Cell::text(manager.counts.as_str())])];
    rows.extend(manager.gave.iter().map(|(to, what)| inner(to, what.clone())));
    if manager.more > 0 {
        rows.push(inner("others", manager.more.to_string()));
    }
    rows
}

fn tasks(tasks: &Tasks, manager: Option<AgentId>) -> Document {
    let item = |it: &Task| Item {
        id: format!("task-{}", it.task),
        sign: Some(sign(it.standing)),
        text: it.name.clone(),
        note: it.standing.words().to_owned(),
        hint: format!("{}: {}", it.name, it.standing.words()),
        press: Some(Press::Choose(Choice {
            what: "task",
            number: it.task,
            agent: manager,
            selects: None,
        })),
        chosen: Some(it.shown),
        ..Item::default()
    };
    let is_short = tasks.items.len() <= LISTED_MAX;
    let board = List {
        id: "board",
        label: "Tasks",
        layout: if is_short { ListLayout::Rows } else { ListLayout::Grid },
        items: tasks.items.iter().map(item).collect(),
        ..List::default()
    };
    let earlier = (tasks.earlier > 0).then(|| format!("and {} before these", tasks.earlier));
    let notes = earlier.into_iter().chain(tasks.notes.iter().cloned());
    let notes = notes.map(|it| Sentence::at(Level::Quiet, it).into());
    let mut document =
        Document::new("work-tasks", "Tasks").hint(tasks.counts.as_str()).block(board);
    document.blocks.extend(notes);
    document
}

/// How a task stands, as a picture.
const fn sign(standing: Standing) -> Sign {
    match standing {
        Standing::Waiting => Sign::Open,
        Standing::Announced => Sign::Call,
        Standing::Working => Sign::Working,
        Standing::Paused => Sign::Paused,
        Standing::Done => Sign::Result,
        Standing::Partial => Sign::HalfDone,
        Standing::Failed => Sign::Refused,
    }
}

/// The task that is shown, in a sentence, with what it has come to.
fn task(said: &Panels) -> Document {
    let warning = |words: &String| Item::new(words.as_str()).sign(Sign::Warning).tint(Tint::Fault);
    let warnings = List {
        id: "warnings",
        items: said.warnings.iter().map(warning).collect(),
        ..List::default()
    };
    Document::new("work-panel", said.name.as_str())
        .hint(said.manner.as_str())
        .block(Sentence::lead("work-sentence", said.strong.as_str(), said.rest.as_str()))
        .block(warnings)
        .block_if(said.results.as_ref().map(results))
}

/// The result of a task, by key.
fn results(results: &Results) -> Table {
    let row = |it: &ResultRow| {
        let value = Cell::text(it.value.as_str()).weight(Weight::Strong);
        Row::new(Cell::text(it.key.as_str()), [value, Cell::text(it.from.as_str())])
    };
    Table {
        id: "results",
        title: "Result".to_owned(),
        hint: results.hint.to_owned(),
        rows: results.rows.iter().map(row).collect(),
        ..Table::default()
    }
}

/// Which skills of the task its team covers.
fn coverage(coverage: &Coverage) -> Document {
    let skill = Column { is_spoken: true, ..Column::new("skill", Align::Start) };
    let member = |(place, name): (usize, &String)| {
        Column::new(format!("{} {name}", place + 1), Align::Middle)
    };
    let members = coverage.members.iter().enumerate().map(member);
    let row = |it: &SkillRow| {
        let head = Cell::text(it.skill.as_str());
        if it.uncovered {
            return Row::new(head, [Cell::text("nobody has it").tint(Tint::Fault).wide()]);
        }
        Row::new(head, it.cells.iter().map(|part| Cell::sign(part_sign(*part), part.words())))
    };
    let table = Table {
        id: "coverage",
        columns: [skill].into_iter().chain(members).collect(),
        rows: coverage.rows.iter().map(row).collect(),
        ..Table::default()
    };
    Document::new("work-team", "Team").hint(coverage.hint.as_str()).block(table)
}

const fn part_sign(part: TeamCell) -> Sign {
    match part {
        TeamCell::Without => Sign::Nothing,
        TeamCell::Has => Sign::Dot,
        TeamCell::Waits => Sign::Open,
        TeamCell::Does => Sign::Working,
        TeamCell::Done => Sign::Result,
        TeamCell::Failed => Sign::Refused,
    }
}

/// The load of each agent: now as a bar with the line above which it does not bid, and over the run so far.
fn loads(loads: &Loads) -> Document {
    let row = |it: &LoadRow| {
        let part = Stretch {
            permille: it.permille as u32,
            tint: Tint::Accent,
            texture: if it.is_full { Texture::Hatched } else { Texture::Solid },
            label: String::new(),
        };
        let bar = TrackBar {
            parts: vec![part],
            limit_permille: Some(LIMIT_PERMILLE as u32),
            is_track: true,
        };
        let cells = [
            Cell::bar(bar),
            Cell::text(it.carries.as_str()).weight(Weight::Strong),
            Cell::text(it.average.as_str()),
            Cell::text(it.peak.as_str()),
        ];
        let bids = if it.is_full && loads.bid { "does not bid; " } else { "" };
        Row {
            note: format!("{bids}{}", it.doing),
            trouble: it.trouble.clone(),
            ..Row::new(Cell::text(it.name.as_str()), cells)
        }
    };
    let columns = vec![
        Column::new("agent", Align::Start),
        Column::new("carries", Align::Start),
        Column::default(),
        Column::new("average", Align::End),
        Column::new("peak", Align::End),
    ];
    let rows = loads.rows.iter().map(row).collect();
    Document::new("work-load", "Load")
        .hint(loads.hint.as_str())
        .block(Sentence {
            level: Level::Plain,
            ..Sentence::lead("load-words", loads.strong.as_str(), loads.rest)
        })
        .block(Table { id: "loads", columns, rows, ..Table::default() })
        .block_if(utilisation::curve(loads))
}

/// How the work goes, in figures.
fn figures(figures: &Figures) -> Document {
    let row = |it: &Figure| {
        let about = Cell::text(it.about).weight(Weight::Quiet);
        let value = Cell::text(it.value.as_str()).weight(Weight::Strong);
        Row::new(Cell::text(it.name), [about, value])
    };
    let rows = figures.rows.iter().map(row).collect();
    Document::new("work-figures", "Figures").hint(figures.hint.as_str()).block(Table {
        id: "metrics",
        caption: "Figures",
        rows,
        ..Table::default()
    })
}

/// A bar on a track, of stretches in thousandths of it; empty ones are left out.
fn track(parts: impl Iterator<Item = (u64, (Tint, Texture))>) -> Cell {
    let parts = parts.filter(|(permille, _)| *permille > 0);
    let part = |(permille, (tint, texture)): (u64, (Tint, Texture))| Stretch {
        permille: permille as u32,
        tint,
        texture,
        label: String::new(),
    };
    Cell::bar(TrackBar { parts: parts.map(part).collect(), limit_permille: None, is_track: true })
}

#[cfg(test)]
mod tests;

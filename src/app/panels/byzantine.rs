//! A Byzantine vote: who said what in which round, what exposes whom, and what it all rests on.

use engine::coordination::consensus::ballot::Vote;
use engine::coordination::consensus::byzantine::note::ByzantineNote;
use engine::coordination::note::Note;
use engine::playback::Command;
use engine::scenario::file::ProposalFile;
use engine::scenario::intervention::Intervention;
use engine::sim::{AgentId, What};
use engine::view::byzantine::{
    Card, Cell, Evidence, Matrix, Premise, Row, evidence, matrix, premises,
};
use engine::view::figure::seconds;
use leptos::prelude::*;

use super::{escaped, shown};
use crate::app::controls::{Button, live};
use crate::app::icons::{self, glyph, svg};
use crate::app::left::vote_name;
use crate::app::page::{Page, Snapshot, page};

/// So many liars are held up, with what exposes them.
const EVIDENCE_MAX: usize = 3;

/// What the panels show.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    viewer: String,
    matrix: Matrix,
    evidence: Vec<Evidence>,
    premises: Vec<Premise>,
    /// All those the panels speak of.
    names: Vec<(AgentId, String)>,
    over: bool,
}

impl Seen {
    fn new(shot: &Snapshot) -> Option<Self> {
        let proposal = shot.proposal()?;
        let seen = proposal.byzantine.as_ref()?;
        let (matrix, evidence) = (matrix(seen), evidence(seen));
        let rows = matrix.rows.iter().chain(evidence.iter().flat_map(|it| &it.told));
        let agents = rows.map(|row| row.agent).chain(evidence.iter().map(|it| it.agent));
        Some(Self {
            viewer: shot.name(seen.viewer).to_owned(),
            names: agents.map(|agent| (agent, shot.name(agent).to_owned())).collect(),
            premises: premises(seen, &shot.cast),
            over: seen.round > seen.rounds.in_all(),
            matrix,
            evidence,
        })
    }

    fn name(&self, agent: AgentId) -> String {
        let named = self.names.iter().find(|(it, _)| *it == agent);
        named.map_or_else(String::new, |(_, name)| name.clone())
    }
}

#[component]
pub fn ByzantinePanel() -> impl IntoView {
    let page = page();
    let seen = page.follow(Seen::new);
    let look = move || seen.with(|seen| seen.as_ref().map(|seen| panels(page, seen)));
    view! { <div class="byzantine" data-shown=shown("vote")>{live(look)}</div> }
}

fn panels(page: Page, seen: &Seen) -> Vec<AnyView> {
    let mut panels = vec![panel(
        "Ballots by round",
        format!("as {} sees it", seen.viewer),
        vec![
            table(seen, &seen.matrix.rows, true),
            (seen.matrix.more > 0)
                .then(|| {
                    let words = format!("and {} more like the last", seen.matrix.more);
                    view! { <p class="quiet">{words}</p> }
                })
                .into_any(),
        ],
    )];
    for evidence in seen.evidence.iter().take(EVIDENCE_MAX) {
        panels.push(held_up(page, seen, evidence));
    }
    let premises = seen.premises.iter().map(|it| premise(page, it)).collect_view();
    let list = view! { <ul class="premises" data-testid="premises">{premises}</ul> }.into_any();
    panels.push(panel("What it rests on", String::new(), vec![list]));
    panels
}

fn panel(title: &'static str, hint: String, parts: Vec<AnyView>) -> AnyView {
    titled(title.to_owned(), hint, parts)
}

fn titled(title: String, hint: String, parts: Vec<AnyView>) -> AnyView {
    view! { <section class="panel"><header><h2>{title}</h2><span class="quiet">{hint}</span></header>{parts}</section> }
        .into_any()
}

/// Agents by rounds, as markup: so many small elements written out one by one would weigh more than all
/// they say.
fn table(seen: &Seen, rows: &[Row], counts: bool) -> AnyView {
    let rounds = &seen.matrix.rounds;
    let mut markup = "<thead><tr><th><span class=\"off-screen\">agent</span></th>".to_owned();
    for (words, now) in rounds {
        markup += &format!("<th scope=\"col\" data-now=\"{now}\">{words}</th>");
    }
    markup += if counts { "<th scope=\"col\">counts as</th>" } else { "" };
    markup += "</tr></thead><tbody>";
    for row in rows {
        let (name, exposed) = (escaped(&seen.name(row.agent)), row.exposed);
        let mask = if exposed { glyph(icons::MASK) } else { String::new() };
        markup += &format!("<tr data-exposed=\"{exposed}\"><th scope=\"row\">{name}{mask}</th>");
        for (it, (_, now)) in row.cells.iter().zip(rounds) {
            let now = *now && counts;
            markup += &format!("<td data-now=\"{now}\">{}</td>", cell(it));
        }
        if counts {
            let (key, words) = (row.counts_as.to_ascii_lowercase(), row.counts_as);
            markup += &format!("<td data-counts=\"{key}\">{words}</td>");
        }
        markup += "</tr>";
    }
    markup += "</tbody>";
    let testid = if counts { "matrix" } else { "told" };
    view! { <table class="matrix" data-testid=testid inner_html=markup></table> }.into_any()
}

fn cell(cell: &Cell) -> String {
    let (marks, words): (String, String) = match cell {
        Cell::Said(votes) => {
            let words: Vec<&str> = votes.iter().map(Vote::word).collect();
            let marks = votes.iter().map(|vote| glyph(icons::vote(vote, true)));
            (marks.collect(), words.join(" and "))
        }
        Cell::Nothing => (glyph(icons::NOTHING), "nothing".to_owned()),
        Cell::NotYet => (glyph(icons::OPEN), "not yet".to_owned()),
    };
    format!("{marks}<span class=\"off-screen\">{words}</span>")
}

/// The two statements that expose an agent, and what can be done about it.
fn held_up(page: Page, seen: &Seen, evidence: &Evidence) -> AnyView {
    let (agent, name) = (evidence.agent, seen.name(evidence.agent));
    let cards: String = evidence.cards.iter().map(|it| card(&escaped(&name), it)).collect();
    let mut parts = vec![
        view! { <div class="cards" data-testid="evidence" inner_html=cards></div> }.into_any(),
        view! { <p class="second">{format!("Only {name} can sign for {name}, so it said both.")}</p> }
            .into_any(),
    ];
    if !evidence.told.is_empty() {
        let words = format!("What {name} itself told whom");
        parts.push(view! { <h3>{words}</h3> }.into_any());
        parts.push(table(seen, &evidence.told, false));
    }
    let show = Button::new("show-exposure", move || go_to_exposure(page, agent))
        .class("boxed")
        .says("Show on stage");
    let again = Button::new("vote-again", move || vote_again(page))
        .class("boxed")
        .says("Remove and vote again")
        .disabled({
            let over = seen.over;
            move || !over
        });
    parts.push(view! { <div class="boxes">{again.view()}{show.view()}</div> }.into_any());
    titled(format!("Evidence against {name}"), evidence.known_to.clone(), parts)
}

fn card(name: &str, card: &Card) -> String {
    let Card { round, vote, received_us, signature } = card;
    let (mark, words, key) = (glyph(icons::vote(*vote, true)), vote.word(), vote_name(*vote));
    format!(
        "<div class=\"card\" data-vote=\"{key}\"><p><b>{round}</b>{mark}</p><p class=\"said\">{words}</p>\
         <p class=\"quiet\">from {name}</p><p class=\"quiet\">received {}</p>\
         <p class=\"signature\">{signature}</p></div>",
        seconds(*received_us)
    )
}

pub(super) fn premise(page: Page, premise: &Premise) -> AnyView {
    let Premise { text, holds, event } = premise.clone();
    let (icon, status) =
        if holds { (icons::HOLDS, "holds") } else { (icons::VIOLATED, "violated") };
    let go = move || {
        if let Some(event) = event {
            page.act_paused(&Command::SeekEvent { event });
        }
    };
    let text = match event {
        Some(_) => Button::new("broken-premise", go).class("link").says(text).view(),
        None => text.into_any(),
    };
    view! { <li data-status=status>{svg(icon)}<span>{text}<span class="off-screen">{format!(": {}", if holds { "holds" } else { "does not hold" })}</span></span></li> }
        .into_any()
}

/// To the moment at which the viewer held both statements.
fn go_to_exposure(page: Page, liar: AgentId) {
    let event = page.with_player(|player| {
        let proposal = player.frame.proposal()?;
        let (id, viewer) = (proposal.id, proposal.byzantine.as_ref()?.viewer);
        let log = player.run()?.log();
        let mut events = log.range(log.first_id(), log.end_id());
        let exposes = |what| match what {
            What::Note(Note::Byzantine(ByzantineNote::Exposed { proposal, voter })) => {
                proposal == id && voter == liar
            }
            _ => false,
        };
        events.find(|event| event.agent == viewer && exposes(event.what)).map(|event| event.id)
    });
    if let Some(event) = event.flatten() {
        page.act_paused(&Command::SeekEvent { event });
    }
}

/// The same question to those who are not exposed, who bear so many liars less.
fn vote_again(page: Page) {
    let proposal = page.with_player(|player| {
        let run = player.run()?;
        let asked = player.frame.proposal()?;
        let seen = asked.byzantine.as_ref()?;
        let files = &run.scenario().file.proposals;
        let like = files.iter().find(|file| file.id == asked.name).or(files.last());
        let mut byzantine = like?.byzantine.unwrap_or_default();
        let exposed = seen.voters.iter().filter(|voter| voter.exposed).count() as u32;
        byzantine.fault_tolerance = Some(seen.rounds.fault_tolerance.saturating_sub(exposed));
        byzantine.vote_again = false;
        let honest = seen.voters.iter().filter(|voter| !voter.exposed);
        let names = honest.map(|voter| run.cast().name(voter.agent).to_owned());
        Some(ProposalFile {
            id: run.new_proposal_id(),
            byzantine: Some(byzantine),
            electorate: Some(names.collect()),
            ..like?.clone()
        })
    });
    if let Some(proposal) = proposal.flatten() {
        page.intervene(Intervention::Propose { proposal: Box::new(proposal) });
        page.playing.set(true);
    }
}

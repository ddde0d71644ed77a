//! The log: events in sentences, the newest first; why each happened, back to the root; and a filter for a
//! person's interest. Every line is a way to go there.

use engine::common::consensus::picture::vote_sign;
use engine::common::consensus::quorum::Decision;
use engine::common::figure::seconds;
use engine::playback::Command;
use engine::sim::AgentId;
use engine::view::log::{self, Filter, Glyph, Group, LINES_MAX, LINES_RUNNING_MAX, Line};
use engine::view::why::{FAR_MAX, Why, why};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{number, point, shown, target};
use crate::app::controls::{Button, Choice, each, live};
use crate::app::document;
use crate::app::icons::{self, Icon, svg};
use crate::app::page::{Page, Snapshot, page};

/// Above this a list of agents would be one that nobody can walk through; they are selected on the
/// stage.
const CHOICES_MAX: usize = 100;

/// The choice that follows the selection.
const SELECTED: &str = "selected";

/// An event of a branch of a run of the page.
type Place = (u32, u32, u64);

/// A person's filter of the log.
#[derive(Clone, Default, PartialEq)]
pub struct Ask {
    group: Group,
    /// The number of an agent, [`SELECTED`], or nothing for everyone.
    whose: String,
    words: String,
    /// Only lines before this event, after a look at older ones.
    before: Option<u64>,
    /// The line whose causes are unfolded.
    open: Option<Place>,
}

impl Ask {
    /// Why this event happened, and what was before it.
    pub fn why(place: Place) -> Self {
        Self { before: Some(place.2 + 1), open: Some(place), ..Self::default() }
    }
}

/// The state that the parts of the panel share.
#[derive(Clone, Copy)]
struct Panel {
    page: Page,
    ask: RwSignal<Ask>,
    found: Memo<Shown>,
}

/// The lines that are shown now.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    /// The run and its branch.
    of: (u32, u32),
    log: log::Page,
}

fn look(page: Page, ask: Ask) -> Shown {
    page.snapshot.track();
    let agent = if ask.whose == SELECTED {
        page.selected.get()
    } else {
        ask.whose.parse().ok().map(AgentId)
    };
    let filter = Filter { group: ask.group, agent, words: ask.words };
    let most = if page.playing.get() { LINES_RUNNING_MAX } else { LINES_MAX };
    let mut shown = Shown::default();
    page.with_player(|player| {
        let mut index = core::mem::take(&mut player.log);
        if let Some(run) = player.run() {
            shown.of = (player.opened, player.frame.branch);
            index.follow(player.opened, run, &filter);
            shown.log = index.page(run, &player.frame, ask.before, most);
        }
        player.log = index;
        let Some(run) = player.run() else { return };
        // Causes that were unfolded stay in view when the playhead goes back to them.
        let Some(open) = ask.open else { return };
        let ahead = (open.0, open.1) == shown.of && open.2 >= player.frame.events;
        if let Some(event) = run.log().get(open.2).filter(|_| ahead) {
            shown.log.lines.insert(0, Line::new(event, run, &player.frame));
        }
    });
    shown
}

impl Panel {
    /// Another question is asked from its newest answer on.
    fn ask(self, change: &dyn Fn(&mut Ask)) {
        let mut ask = self.ask.get_untracked();
        ask.before = None;
        change(&mut ask);
        self.ask.set(ask);
    }

    /// Goes to older lines; to events not looked through yet when there are none.
    fn older(self) {
        let Shown { log, .. } = self.found.get_untracked();
        if log.older {
            self.ask(&|ask| ask.before = log.lines.last().map(|line| line.event));
            return;
        }
        self.page.with_player(|player| {
            let mut index = core::mem::take(&mut player.log);
            if let Some(run) = player.run() {
                index.look_back(run);
            }
            player.log = index;
        });
        self.page.show();
    }

    /// A press somewhere in the lines: on a time, or on "why?".
    fn press(self, target: Option<Element>) {
        let Some((event, words)) =
            target.and_then(|it| number(&it, "button", "data-go").zip(Some(it)))
        else {
            return;
        };
        if words.has_attribute("aria-expanded") {
            let (run, branch) = self.found.get_untracked().of;
            let mut ask = self.ask.get_untracked();
            let open = Some((run, branch, event));
            ask.open = if ask.open == open { None } else { open };
            self.ask.set(ask);
            // The line is made anew: the focus goes back to its button.
            focus(event);
        } else {
            self.page.act_paused(&Command::SeekEvent { event });
        }
    }
}

/// Focuses the "why?" of this event, once it is there.
pub fn focus(event: u64) {
    request_animation_frame(move || {
        let button = format!("[data-testid=why][data-go=\"{event}\"]");
        let button = document().query_selector(&button).ok().flatten();
        if let Some(button) = button.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
}

#[component]
pub fn LogPanel() -> impl IntoView {
    let page = page();
    let ask = page.ask;
    let found = Memo::new(move |_| look(page, ask.get()));
    let panel = Panel { page, ask, found };
    let hash = page.follow(|shot| format!("{:016x}", shot.frame.trace_hash));
    let kinds = page.follow(|shot| Group::of(&shot.cast));
    let group = move |(group, name): (Group, &'static str)| {
        Button::new(format!("log-{name}"), move || panel.ask(&|ask| ask.group = group))
            .says(name)
            .pressed(move || ask.with(|ask| ask.group == group))
            .view()
    };
    let groups = live(move || kinds.get().into_iter().map(group).collect_view());
    let whose = Choice {
        id: "log-agent",
        label: "Whose events",
        options: page.follow(choices),
        chosen: Memo::new(move |_| ask.with(|ask| ask.whose.clone())),
        choose: Box::new(move |whose| panel.ask(&|ask| ask.whose.clone_from(&whose))),
    };
    let lines = move || {
        let Shown { of, log } = found.get();
        let open = ask.with(|ask| ask.open);
        let item = |line: Line| {
            let place = (of.0, of.1, line.event);
            let open = open == Some(place);
            let key = format!("{place:?} {open} {}", line.words.len());
            (key, Box::new(move || entry(page, open, line)) as Box<_>)
        };
        log.lines.into_iter().map(item).collect::<Vec<_>>()
    };
    let list = NodeRef::<html::Ol>::new();
    Effect::new(move |_| {
        page.snapshot.with(|shot| {
            if let Some(list) = list.get() {
                tell_time(&list, shot);
            }
        });
    });
    let words = move || ask.with(|ask| ask.words.clone());
    let offered = Memo::new(move |_| {
        let filtered = ask.with(|ask| *ask != Ask::default());
        found.with(|found| {
            let log = &found.log;
            let older = log.older || log.unsearched > 0;
            [log.newer, older, log.lines.is_empty(), filtered]
        })
    });
    view! {
        <section class="panel" data-shown=shown("log") aria-label="Log">
            <header><h2>"Log"</h2><div class="groups" role="group" aria-label="Kinds of events">{groups}</div></header>
            <div class="filters">
                {whose.view()}
                <input type="search" placeholder="Search" aria-label="Search the log" data-testid="log-search"
                    prop:value=words on:input=move |event| { let words = event_target_value(&event); panel.ask(&|ask| ask.words.clone_from(&words)) }/>
                <span class="quiet" data-testid="log-count">{live(move || found.with(|found| count(&found.log)))}</span>
            </div>
            <ol class="log" data-testid="log" node_ref=list on:click=move |event| panel.press(target(&event))
                on:mouseover=move |event| point(page, target(&event)) on:mouseleave=move |_| point(page, None)
                on:focusin=move |event| point(page, target(&event)) on:focusout=move |_| point(page, None)>
                {each(lines)}
            </ol>
            <div class="pages">{live(move || pages(panel, offered.get()))}</div>
            <p class="log-more">{live(move || cut_off(found.with(|found| found.log.cut_off)))}"trace "<span data-testid="trace-hash">{hash}</span></p>
        </section>
    }
}

/// "12 of 340 events".
fn count(log: &log::Page) -> String {
    let newest = if log.unsearched > 0 { "the newest " } else { "" };
    format!("{} of {newest}{} events", log.matching, log.looked)
}

fn cut_off(count: u64) -> String {
    if count == 0 {
        return String::new();
    }
    format!("The first {count} events are no longer kept. ")
}

/// The choice of events: everyone's, those of the selected agent, or those of an agent named here.
fn choices(shot: &Snapshot) -> Vec<(String, String)> {
    let named = shot.cast.agents.iter().take(CHOICES_MAX).zip(0..);
    let named = named.map(|(agent, number): (_, u32)| (number.to_string(), agent.name.clone()));
    let mut choices = vec![
        (String::new(), "everyone".to_owned()),
        (SELECTED.to_owned(), "the selected agent".to_owned()),
    ];
    choices.extend(named);
    choices
}

/// The end of the lines: buttons to others, or words that there are none.
fn pages(panel: Panel, [newer, older, empty, filtered]: [bool; 4]) -> Vec<AnyView> {
    if empty && !filtered {
        return vec![
            view! { <p class="quiet">"Nothing worth telling has happened yet."</p> }.into_any(),
        ];
    }
    let mut buttons = Vec::new();
    let mut offer = |wanted: bool, id: &'static str, words: &'static str, press: fn(Panel)| {
        if wanted {
            let button = Button::new(id, move || press(panel)).class("link").says(words);
            buttons.push(button.view());
        }
    };
    let clear = "Nothing matches: clear the filters";
    offer(empty, "log-clear", clear, |panel| panel.ask.set(Ask::default()));
    offer(older, "log-older", "Older", Panel::older);
    offer(newer, "log-newest", "To the newest", |panel| panel.ask(&|_| ()));
    buttons
}

/// The time of a line, which is the way there, and its picture.
fn start_of(line: &Line) -> AnyView {
    let go = line.event.to_string();
    view! { <button class="go" title="Go there" data-go=go>{seconds(line.time_us)}</button>{svg(icon(line.glyph))} }
        .into_any()
}

/// Where a line stands to the playhead.
fn when(shot: &Snapshot, event: u64, time_us: u64) -> &'static str {
    match event {
        _ if event >= shot.frame.events => "ahead",
        _ if shot.frame.time_us == time_us => "now",
        _ => "past",
    }
}

/// Tells every line, and every cause in it, where it stands. Lines do not look for themselves: they come
/// and go all the time, and whatever is looked at remembers who looked.
fn tell_time(list: &Element, shot: &Snapshot) {
    let mut next = list.first_element_child();
    while let Some(item) = next {
        let place = number(&item, "li", "data-event").zip(number(&item, "li", "data-time"));
        if let Some((event, time_us)) = place {
            let _ = item.set_attribute("data-when", when(shot, event, time_us));
        }
        if let Ok(Some(causes)) = item.query_selector("ol") {
            tell_time(&causes, shot);
        }
        next = item.next_element_sibling();
    }
}

/// A line; its causes unfolded when it is open.
fn entry(page: Page, open: bool, line: Line) -> AnyView {
    let (event, time_us) = (line.event, line.time_us);
    let expanded = if open { "true" } else { "false" };
    let label = format!("why? {}", line.words);
    let start = start_of(&line);
    let when = page.snapshot.with_untracked(|shot| when(shot, event, time_us));
    view! {
        <li data-testid="log-entry" data-agent=line.agent.0.to_string() data-event=event.to_string() data-time=time_us.to_string() data-when=when>
            {start}<p>{line.words}" "<button class="link" data-testid="why" data-go=event.to_string() aria-expanded=expanded aria-label=label>"why?"</button></p>
            {open.then(|| causes(page, event))}
        </li>
    }
    .into_any()
}

/// The chain of causes, down to its root.
fn causes(page: Page, event: u64) -> AnyView {
    let found = page.with_player(|player| why(player.run()?, &player.frame, event)).flatten();
    let Why { grounds, causes, left_out, end } = found.unwrap_or_default();
    let far = causes.len().saturating_sub(FAR_MAX);
    let mut items: Vec<AnyView> = grounds.into_iter().map(|words| plain("ground", words)).collect();
    for (number, line) in causes.into_iter().enumerate() {
        if left_out > 0 && number == far {
            items.push(plain("", format!("… {left_out} more causes …")));
        }
        let (event, time_us) = (line.event, line.time_us);
        let when = page.snapshot.with_untracked(|shot| when(shot, event, time_us));
        let start = start_of(&line);
        items.push(view! {
            <li data-testid="cause" data-agent=line.agent.0.to_string() data-event=event.to_string() data-time=time_us.to_string() data-when=when>{start}<p>{line.words}</p></li>
        }.into_any());
    }
    items.push(plain("root", end.to_owned()));
    view! { <ol class="causes" aria-label="because">{items}</ol> }.into_any()
}

fn plain(id: &'static str, words: String) -> AnyView {
    view! { <li class="quiet" data-testid=id>{words}</li> }.into_any()
}

fn icon(glyph: Glyph) -> Icon {
    match glyph {
        Glyph::Vote(vote, counted) => {
            document::icon(vote_sign(vote, counted)).unwrap_or(icons::OPEN)
        }
        Glyph::Letter => icons::LETTER,
        Glyph::Decision(Decision::Approved) => icons::APPROVED,
        Glyph::Decision(Decision::Rejected) => icons::REJECTED,
        Glyph::Decision(Decision::Timeout | Decision::Split) => icons::OPEN,
        Glyph::Question => icons::QUESTION,
        Glyph::Lost => icons::LOST,
        Glyph::Down => icons::DOWN,
        Glyph::Fault => icons::FAULT,
        Glyph::Dot => icons::DOT,
    }
}

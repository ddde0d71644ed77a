//! Acts of a person on the swarm: the panel on the left, and the same in a menu on the stage.

use std::sync::Arc;

use engine::common::shown::OfferPicture;
use engine::protocol::setting::{Scale, Setting};
use engine::sim::{AgentId, LinkModel};
use engine::view::acts::{self, Act, ActKind};
use engine::view::network;
use leptos::prelude::*;

use super::controls::{Button, live};
use super::forms::{FormDialog, Forms, openers};
use super::icons::{self, Icon};
use super::page::{Page, page};
use super::panels::shown;
use super::settings::controls;

fn icon(kind: ActKind) -> Icon {
    match kind {
        ActKind::Crash => icons::CRASH,
        ActKind::Restart | ActKind::Heal | ActKind::Mend | ActKind::AsOthers | ActKind::Rejoin => {
            icons::RESTART
        }
        ActKind::Pause => icons::PAUSE_AGENT,
        ActKind::Resume => icons::RESUME,
        ActKind::Isolate => icons::ISOLATE,
        ActKind::Cut | ActKind::CutOneWay => icons::CUT,
        ActKind::Slow | ActKind::Delay | ActKind::OfRoom(_, OfferPicture::Pace) => icons::SLOW,
        ActKind::Lossy | ActKind::Drop => icons::DROP,
        ActKind::Duplicate => icons::DUPLICATE,
        ActKind::Corrupt(_) => icons::LIAR,
        ActKind::Release | ActKind::OfRoom(_, OfferPicture::Join) => icons::RESTART,
        ActKind::OfRoom(_, OfferPicture::Leave) => icons::ISOLATE,
        ActKind::OfRoom(_, OfferPicture::Ask) => icons::HELP,
        ActKind::Remove => icons::DELETE,
        ActKind::OfRoom(_, OfferPicture::Trouble) => icons::WARNING,
        ActKind::OfRoom(_, OfferPicture::Health) => icons::HEALTH,
        ActKind::OfRoom(_, OfferPicture::Delta) => icons::DELTA_LINE,
        ActKind::OfRoom(_, OfferPicture::Full) => icons::FULL_LINE,
    }
}

/// The panel: what can be done to what is selected, to the swarm, and to its network.
#[component]
pub fn Intervene() -> impl IntoView {
    let page = page();
    let on = Memo::new(move |_| {
        let name = page.target.get().and_then(|target| {
            page.snapshot.with(|shot| acts::name(&shot.cast, &shot.frame, target))
        });
        name.unwrap_or_else(|| "the swarm".to_owned())
    });
    let hint = move || format!("on {}", on.get());
    view! {
        <section class="panel" data-shown=shown("intervene")>
            <header><h2>"Intervene"</h2><span class="quiet" data-testid="intervene-on">{hint}</span></header>
            <Acts/>
            <Partitioning/>
            <Forms/>
        </section>
        <Network/>
        <FormDialog/>
    }
}

/// The same in a menu, where the pointer is.
#[component]
pub fn StageMenu() -> impl IntoView {
    let page = page();
    let close = move |_| {
        if let Some(menu) = page.menu.get_untracked() {
            let _ = menu.hide_popover();
        }
    };
    view! {
        <div class="menu stage-menu" popover="auto" node_ref=page.menu data-testid="stage-menu" on:click=close><Acts/></div>
    }
}

/// The buttons.
#[component]
fn Acts() -> impl IntoView {
    let page = page();
    let offered = Memo::new(move |_| {
        let target = page.target.get();
        page.snapshot.track();
        let acts = page.with_player(|player| {
            let Some(run) = player.run() else { return Vec::new() };
            let mut acts =
                target.map_or_else(Vec::new, |target| acts::acts(run, &player.frame, target));
            acts.extend(acts::on_swarm(&player.frame));
            acts
        });
        acts.unwrap_or_default()
    });
    let button = move |act: Act| {
        let Act { kind, label, intervention, is_so } = act;
        let press = move || page.intervene(intervention.clone());
        let button = Button::new(kind.id(), press).icon(icon(kind)).says(label);
        let lies = matches!(kind, ActKind::Corrupt(_));
        if lies { button.pressed(move || is_so).view() } else { button.view() }
    };
    let of_liars = |act: &Act| matches!(act.kind, ActKind::Corrupt(_) | ActKind::Release);
    let some = move |lies: bool| {
        let acts = offered.get().into_iter().filter(move |act| of_liars(act) == lies);
        acts.map(button).collect_view()
    };
    let lies = move || offered.with(|acts| acts.iter().any(of_liars));
    let warning = page.follow(|shot| shot.warning.clone());
    let pick = move || {
        let before = page.partitioning.with_untracked(Option::is_some);
        page.partitioning.set((!before).then(Vec::new));
        page.repaint();
    };
    let partition = Button::new("partition", pick)
        .icon(icons::PARTITION)
        .says("Partition")
        .pressed(move || page.partitioning.with(Option::is_some));
    view! {
        <p class="second nothing" hidden=move || page.target.get().is_some()>"Select an agent, a link or a message to do something to it."</p>
        <div class="acts">
            {live(move || some(false))}
            {partition.view()}
            {openers(page)}
        </div>
        <div class="liars" hidden=move || !lies()>
            <h3>"Make it lie"</h3>
            <p class="second" data-testid="lie-warning">{live(move || warning.get())}</p>
            <div class="acts">{live(move || some(true))}</div>
        </div>
    }
}

/// While a partition is made: how, who is cut off so far, and the button that does it.
#[component]
fn Partitioning() -> impl IntoView {
    let page = page();
    let names = page.follow(|shot| {
        let agents = shot.cast.agents.iter().take(PICK_MAX);
        agents.map(|agent| agent.name.clone()).collect::<Vec<_>>()
    });
    let is_away = move |agent: AgentId| {
        page.partitioning.with(|away| away.as_ref().is_some_and(|away| away.contains(&agent)))
    };
    let choice = move |(number, name): (usize, String)| {
        let agent = AgentId(number as u32);
        Button::new(format!("away-{name}"), move || page.toggle_away(agent))
            .says(name)
            .pressed(move || is_away(agent))
            .view()
    };
    let count = move || page.partitioning.with(|away| away.as_ref().map_or(0, Vec::len));
    let split = move || {
        Button::new("split", move || page.split())
            .class("do")
            .words(Arc::new(move || format!("Cut off {}", count())))
            .disabled(move || count() == 0)
            .view()
    };
    view! {
        <Show when=move || page.partitioning.with(Option::is_some)>
            <div class="partitioning">
                <p>"Draw a line across the stage, or choose who is cut off:"</p>
                <div class="choices">{live(move || names.get().into_iter().enumerate().map(choice).collect_view())}</div>
                {split()}
            </div>
        </Show>
    }
}

/// More agents than this are cut off by a line, not one by one.
const PICK_MAX: usize = 60;

/// A thousandth of a second up to ten seconds, on a scale of tenths of a power of ten.
const NOTCH_MAX: u32 = 40;

fn notch_of(us: u64) -> i32 {
    (js_sys::Math::log10(us.max(1_000) as f64 / 1_000.0) * 10.0).round() as i32
}

fn us_of(notch: i32) -> u64 {
    // Two digits, as a person would set it.
    let us = js_sys::Math::pow(10.0, f64::from(notch) / 10.0) * 1_000.0;
    let unit = js_sys::Math::pow(10.0, js_sys::Math::log10(us).floor() - 1.0);
    ((us / unit).round() * unit) as u64
}

/// Latency and loss of all links.
#[component]
fn Network() -> impl IntoView {
    let page = page();
    let both = page.follow(|shot| {
        let link = shot.frame.network;
        let number = |id, label, value, words, most, unit| {
            let scale = Scale::Number { least: 0, most, step: 1, unit };
            Setting { id, label, value, words, scale, note: String::new() }
        };
        let notch = notch_of(network::middle_us(&link)).unsigned_abs().min(NOTCH_MAX);
        let (latency, loss) = (network::latency_words(&link), network::share_words(link.loss_ppm));
        vec![
            number("latency", "Latency", notch, latency, NOTCH_MAX, ""),
            number("loss", "Loss", link.loss_ppm / 10_000, loss, 100, " %"),
        ]
    });
    let set = |page: Page, id: &str, value: u32| {
        let before = page.snapshot.with_untracked(|shot| shot.frame.network);
        let new = if id == "loss" {
            LinkModel { loss_ppm: value * 10_000, ..before }
        } else {
            network::with_middle(&before, us_of(value as i32))
        };
        if new != before {
            page.intervene(network::change_all(&new));
        }
    };
    controls("Network", "", both, set)
}

//! The comparison of all values of a setting: its button, its dialog, and the worker that makes the runs beside the page.

use std::sync::Arc;

use engine::playback::Run;
use engine::protocol::document::Document;
use engine::scenario::Scenario;
use engine::view::comparison::Comparison;
use js_sys::{Array, Float64Array};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Event, HtmlLinkElement, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::controls::{Button, live};
use super::dialogs::{Dialog, show};
use super::document::blocks;
use super::page::{Page, page};
use super::panels::shown;
use super::{icons, outside};

/// The runs of a comparison, for the worker.
#[wasm_bindgen]
pub struct RunsBeside(Comparison);

#[wasm_bindgen]
impl RunsBeside {
    /// The comparison that this scenario offers.
    ///
    /// # Errors
    /// When the scenario is refused, or offers none.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: &str) -> Result<Self, JsError> {
        let scenario = Scenario::parse(scenario, "scenario")?;
        let seed = scenario.file.seed;
        let run = Run::new(scenario.into(), seed)?;
        Comparison::new(&run).map(Self).ok_or_else(|| JsError::new("there is nothing to compare"))
    }

    pub fn runs(&self) -> u32 {
        self.0.runs()
    }

    /// The figures of one run; NaN where the run does not come to it.
    ///
    /// # Errors
    /// When it does not start.
    pub fn run(&self, number: u32) -> Result<Vec<f64>, JsError> {
        let figures = self.0.run(number).map_err(|error| JsError::new(&error))?;
        Ok(figures.into_iter().map(|it| it.map_or(f64::NAN, |it| it as f64)).collect())
    }
}

/// A comparison that is shown.
#[derive(Clone, Copy)]
struct Shown {
    page: Page,
    dialog: NodeRef<html::Dialog>,
    document: RwSignal<Option<Arc<Document>>>,
    /// How far it is.
    said: RwSignal<String>,
    is_running: RwSignal<bool>,
    made: StoredValue<Option<Made>, LocalStorage>,
}

/// The runs so far, and the worker that makes them.
struct Made {
    name: String,
    comparison: Comparison,
    worker: Worker,
    /// Hears what the worker tells.
    _hear: Closure<dyn FnMut(Event)>,
}

impl Made {
    fn end(&self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A panel with the button, where there is something to compare.
#[component]
pub fn Compare() -> impl IntoView {
    let page = page();
    let dialog = NodeRef::new();
    let it = Shown {
        page,
        dialog,
        document: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        is_running: RwSignal::new(false),
        made: StoredValue::new_local(None),
    };
    let opened = page.follow(|shot| shot.opened);
    let offer = Memo::new(move |_| {
        let _ = opened.get();
        page.with_player(|player| Comparison::offer(player.run()?.scenario())).flatten()
    });
    let title = Signal::derive(move || offer.get().unwrap_or_default());
    let words = Arc::new(move || title.get());
    let document = Memo::new(move |_| it.document.get());
    let hint =
        move || document.with(|it| it.as_ref().map(|it| format!("{}; bold is best", it.hint)));
    let buttons = move || {
        let stop = Button::new("stop-comparison", move || it.stop()).says("Stop");
        let save = Button::new("save-comparison", move || it.save()).icon(icons::SAVE);
        if it.is_running.get() { stop } else { save.says("Save as CSV") }.view()
    };
    view! {
        <section class="panel" data-testid="compare-panel" data-shown=shown("intervene") hidden=move || offer.with(Option::is_none)>
            <header><h2>"Compare"</h2><span class="quiet">"over many seeds"</span></header>
            {Button::new("compare", move || it.start()).class("link").words(words).view()}
        </section>
        <Dialog node=dialog title on_close=move || it.stop()>
            <div class="panel document comparison">
                <header>
                    <p role="status" data-testid="comparison-said">{it.said}</p>
                    <span class="quiet">{live(hint)}</span>
                </header>
                {blocks(page, document)}
                <div class="files">{live(buttons)}</div>
            </div>
        </Dialog>
    }
}

impl Shown {
    /// Opens the dialog and makes all runs anew.
    fn start(self) {
        self.stop();
        let scenario = self.page.with_player(|player| {
            let run = player.run()?;
            let scenario = run.scenario();
            Some((Comparison::new(run)?, scenario.file.name.clone(), scenario.to_text()))
        });
        let Some((comparison, name, scenario)) = scenario.flatten() else { return };
        show(self.dialog);
        self.document.set(None);
        self.made.set_value(None);
        let Some(worker) = worker(&scenario) else {
            return self.said.set("This browser makes no runs beside the page.".to_owned());
        };
        let hear = Closure::new(move |event| self.hear(&event));
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onerror(Some(hear.as_ref().unchecked_ref()));
        self.document.set(Some(comparison.document().into()));
        self.said.set(progress(&comparison));
        self.is_running.set(true);
        self.made.set_value(Some(Made { name, comparison, worker, _hear: hear }));
    }

    /// Takes in the figures that the worker tells, or the reason why it has stopped.
    fn hear(self, event: &Event) {
        let told = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
        self.made.update_value(|made| {
            let Some(made) = made else { return };
            match told.as_ref().and_then(|told| told.dyn_ref::<Array>()) {
                Some(runs) => {
                    for run in runs.iter() {
                        let figures = Float64Array::new(&run).to_vec().into_iter();
                        let figures = figures.map(|it| (!it.is_nan()).then_some(it as u64));
                        made.comparison.take_in(figures.collect());
                    }
                    self.document.set(Some(made.comparison.document().into()));
                    self.said.set(progress(&made.comparison));
                    if made.comparison.taken_in() < made.comparison.runs() {
                        return;
                    }
                }
                None => {
                    let why = told.as_ref().and_then(JsValue::as_string);
                    let why = why.unwrap_or_else(|| "its worker does not start".to_owned());
                    self.said.set(format!("The comparison has stopped: {why}."));
                }
            }
            made.end();
            self.is_running.set(false);
        });
    }

    /// Makes no more runs; what was made stays.
    fn stop(self) {
        if self.is_running.get_untracked() {
            self.made.with_value(|made| {
                if let Some(made) = made {
                    made.end();
                    self.said.set(format!("Stopped: {}", progress(&made.comparison)));
                }
            });
            self.is_running.set(false);
        }
    }

    fn save(self) {
        self.made.with_value(|made| {
            if let Some(made) = made {
                outside::save(&format!("{}-compared.csv", made.name), &made.comparison.csv());
            }
        });
    }
}

fn progress(comparison: &Comparison) -> String {
    format!("{} of {} runs", comparison.taken_in(), comparison.runs())
}

/// A worker that makes the runs of this scenario with the page's own module.
fn worker(scenario: &str) -> Option<Worker> {
    let link = |which: &str| {
        let found = document().query_selector(which).ok()??;
        Some(found.dyn_into::<HtmlLinkElement>().ok()?.href())
    };
    let (glue, module) = (link("link[rel=modulepreload]")?, link("link[rel=preload][as=fetch]")?);
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options("compare.js", &options).ok()?;
    worker.post_message(&Array::of3(&glue.into(), &module.into(), &scenario.into())).ok()?;
    Some(worker)
}

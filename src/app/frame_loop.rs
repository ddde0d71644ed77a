//! The one loop: once per frame it advances the run, draws the shapes and paints them; at most ten
//! times a second it brings the panels up to date. Timers of the browser are behind this file.

use engine::playback::Run;
use engine::view::stage::StageLook;
use engine::view::stage::camera::Camera;
use engine::view::stage::layout::Layout;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::page::{Page, Scene};
use super::painter::brush::Brush;
use super::palette::Palette;
use super::speed::speed;
use super::{painter, tape_painter};

/// How much larger things are drawn for a room.
const PRESENTER: f64 = 1.2;

/// After a pause of the tab, time goes on where it stopped.
const DELTA_MAX_MS: f64 = 100.0;
const PANELS_EVERY_MS: f64 = 100.0;
/// In a crowd all lines of the panels change at once, and nobody reads them faster.
const PANELS_OF_CROWD_EVERY_MS: f64 = 400.0;
const CROWD: usize = 300;

/// The state that the loop keeps between frames.
struct Loop {
    page: Page,
    palette: Palette,
    last_ms: Option<f64>,
    panels_ms: f64,
    panels_stale: bool,
    tape_size: (u32, u32),
}

/// Starts the loop; it ends with the page.
pub fn start(page: Page) {
    let reduced = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    page.with_player(|player| {
        player.feedback.reduced_motion = reduced.is_some_and(|query| query.matches());
    });
    next(Loop {
        page,
        palette: Palette::read(),
        last_ms: None,
        panels_ms: 0.0,
        panels_stale: false,
        tape_size: (0, 0),
    });
    follow_the_system_theme(page);
}

fn next(mut this: Loop) {
    request_animation_frame(move || {
        let now_ms = window().performance().map_or(0.0, |performance| performance.now());
        if this.frame(now_ms) {
            next(this);
        }
    });
}

impl Loop {
    /// One frame; false when the page is gone.
    fn frame(&mut self, now_ms: f64) -> bool {
        let delta_ms = self
            .last_ms
            .map_or(0.0, |last| engine::common::figure::between(now_ms - last, 0.0, DELTA_MAX_MS));
        self.last_ms = Some(now_ms);
        let Some(playing) = self.page.playing.try_get_untracked() else { return false };
        if playing {
            self.play(delta_ms, now_ms);
        }
        self.paint(now_ms);
        let crowd = self.page.with_player(|player| player.frame.agents.len() > CROWD);
        let every_ms = if crowd == Some(true) { PANELS_OF_CROWD_EVERY_MS } else { PANELS_EVERY_MS };
        if self.panels_stale && now_ms - self.panels_ms >= every_ms {
            self.panels_ms = now_ms;
            self.panels_stale = false;
            self.page.show();
        }
        true
    }

    fn play(&mut self, delta_ms: f64, now_ms: f64) {
        let span_us = delta_ms * 1_000.0 * speed(self.page.speed_notch.get_untracked());
        let goes_on = self.page.with_player(|player| player.play(span_us, now_ms));
        self.panels_stale = true;
        if goes_on == Some(false) {
            self.page.playing.set(false);
            self.page.show();
        }
    }

    fn paint(&mut self, now_ms: f64) {
        let Some(canvas) = self.page.stage_canvas.get_untracked() else { return };
        let Some(tape) = self.page.tape_canvas.get_untracked() else { return };
        let (stage_size, tape_size) = (size(&canvas), size(&tape));
        let resized = self.fit(stage_size, now_ms) | (tape_size != self.tape_size);
        let moving = self.page.scene.try_update_value(|scene| scene.move_on(now_ms));
        self.tape_size = tape_size;
        let needed = self.page.with_player(|player| {
            let alive = player.feedback.expire(now_ms);
            core::mem::take(&mut player.changed) | alive | resized | (moving == Some(true))
        });
        if needed != Some(true) {
            return;
        }
        if self.page.theme_changed() {
            self.palette = Palette::read();
        }
        self.paint_stage(&canvas, now_ms);
        if let Some(context) = prepare(&tape) {
            let brush = Brush { context: &context, palette: &self.palette, scale: 1.0 };
            self.page.with_player(|player| {
                tape_painter::paint(&brush, player, f64::from(tape_size.0), f64::from(tape_size.1));
            });
        }
    }

    fn paint_stage(&self, canvas: &HtmlCanvasElement, now_ms: f64) {
        let Some(context) = prepare(canvas) else { return };
        let page = self.page;
        page.scene.update_value(|scene| {
            page.with_player(|player| {
                let Some(run) = player.run() else { return };
                let look = StageLook {
                    selected: page.target.get_untracked(),
                    hovered: page.hovered.get_untracked(),
                    noise: page.noise.get_untracked(),
                    reduced_motion: player.feedback.reduced_motion,
                };
                let Scene { stage, layout, camera, rift, .. } = scene;
                stage.draw(layout, run.cast(), &player.frame, look);
                let brush =
                    Brush { context: &context, palette: &self.palette, scale: layout.scale };
                let _ = context.translate(camera.shift.x, camera.shift.y);
                let _ = context.scale(camera.zoom, camera.zoom);
                painter::paint(&brush, stage, layout, &player.feedback, now_ms);
                page.partitioning.with_untracked(|away| {
                    let away = away.as_deref().unwrap_or_default();
                    painter::effects::rift(&brush, stage, layout, *rift, away);
                });
            });
        });
    }

    /// Lays the stage out anew when its size, its cast or its topology is another; true when it did.
    fn fit(&mut self, (width_px, height_px): (u32, u32), now_ms: f64) -> bool {
        let page = self.page;
        let (key, routes, is_reduced) = page
            .with_player(|player| {
                let cast = player.run().map(Run::cast);
                let count = cast.map_or(0, |cast| cast.agents.len());
                let key = (width_px, height_px, player.opened, count);
                let routes = cast.and_then(|cast| cast.routes.clone());
                (Some(key), routes, player.feedback.reduced_motion)
            })
            .unwrap_or_default();
        page.scene
            .try_update_value(|scene| {
                let is_same = key == scene.laid_out;
                if is_same && scene.is_laid_for(routes.as_ref()) {
                    return false;
                }
                let before = (is_same && !is_reduced).then(|| scene.layout.clone());
                scene.laid_out = key;
                scene.routes.clone_from(&routes);
                page.with_player(|player| {
                    if let Some(run) = player.run() {
                        let old = scene.size();
                        let seen = (scene.camera.middle(old), scene.camera.zoom);
                        let (middle, zoom) = scene.wanted.take().unwrap_or(seen);
                        let (width_px, height_px) = (f64::from(width_px), f64::from(height_px));
                        let factor = if page.presenting.get_untracked() { PRESENTER } else { 1.0 };
                        scene.layout = Layout::enlarged(run.cast(), width_px, height_px, factor);
                        scene.camera = Camera::looking_at(middle, zoom, scene.size());
                        for (agent, offset) in &scene.moved {
                            scene.layout.place(*agent, *offset);
                        }
                        scene.moving = before.map(|before| (before, scene.layout.clone(), now_ms));
                        scene.move_on(now_ms);
                    }
                });
                true
            })
            .unwrap_or(false)
    }
}

/// A canvas's size in CSS pixels.
fn size(canvas: &HtmlCanvasElement) -> (u32, u32) {
    (canvas.client_width().unsigned_abs(), canvas.client_height().unsigned_abs())
}

/// An empty canvas in the resolution of the screen, to be drawn on in CSS pixels.
fn prepare(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let ratio = window().device_pixel_ratio();
    let (width_px, height_px) = size(canvas);
    let pixels = |length_px: u32| (f64::from(length_px) * ratio).round() as u32;
    if canvas.width() != pixels(width_px) || canvas.height() != pixels(height_px) {
        canvas.set_width(pixels(width_px));
        canvas.set_height(pixels(height_px));
    }
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, f64::from(width_px), f64::from(height_px));
    Some(context)
}

fn follow_the_system_theme(page: Page) {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let Some(query) = query else { return };
    let changed = Closure::<dyn Fn()>::new(move || page.restyle());
    let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
    // It lives as long as the page.
    changed.forget();
    core::mem::forget(query);
}

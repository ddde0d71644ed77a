//! The mouse, a finger or a pen on the stage: select, drag an agent, move and zoom the view, draw a partition
//! across it, open the menu.

use engine::sim::AgentId;
use engine::view::acts;
use engine::view::stage::Point;
use engine::view::stage::target::Target;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{MouseEvent, PointerEvent, WheelEvent};

use super::page::Page;

/// A pointer that has moved less was not dragged.
const DRAG_PX: f64 = 6.0;

/// The thing that is being dragged since a button went down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Drag {
    #[default]
    Nothing,
    /// Not far enough yet to tell.
    Pressed(Point),
    Agent(AgentId),
    View(Point),
    /// From where the line begins, on the stage.
    Rift(Point),
}

/// The pointers on the stage.
#[derive(Clone, Copy)]
pub struct Pointers {
    page: Page,
    drag: StoredValue<Drag, LocalStorage>,
    /// The fingers on the stage, for pinching.
    fingers: StoredValue<Vec<(i32, Point)>, LocalStorage>,
}

/// Where a pointer is on the canvas, in CSS pixels.
fn seen(event: &MouseEvent) -> Point {
    Point { x: f64::from(event.offset_x()), y: f64::from(event.offset_y()) }
}

impl Pointers {
    pub fn new(page: Page) -> Self {
        let (drag, fingers) = (Drag::Nothing, Vec::new());
        Self { page, drag: StoredValue::new_local(drag), fingers: StoredValue::new_local(fingers) }
    }

    fn on_stage(self, seen: Point) -> Point {
        self.page.scene.try_with_value(|scene| scene.camera.stage(seen)).unwrap_or_default()
    }

    fn hit(self, seen: Point) -> Option<Target> {
        let place = self.on_stage(seen);
        self.page.scene.try_with_value(|scene| scene.stage.hit(place)).flatten()
    }

    pub fn down(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let seen = seen(event);
        let capture = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        if let Some(canvas) = capture {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.fingers.update_value(|fingers| fingers.push((event.pointer_id(), seen)));
        self.drag.set_value(Drag::Pressed(seen));
    }

    pub fn moved(self, event: &PointerEvent) {
        let seen = seen(event);
        if self.pinched(event.pointer_id(), seen) {
            return;
        }
        match self.drag.get_value() {
            Drag::Nothing => self.page.point_at(self.hit(seen)),
            Drag::Pressed(start) if start.distance(seen) < DRAG_PX => {}
            Drag::Pressed(start) => {
                self.drag.set_value(self.begin(start, event.shift_key()));
                self.drag_to(seen);
            }
            _ => self.drag_to(seen),
        }
    }

    /// The drag that begins here.
    fn begin(self, start: Point, shift: bool) -> Drag {
        let partitioning = self.page.partitioning.with_untracked(Option::is_some);
        match self.hit(start) {
            _ if partitioning || shift => Drag::Rift(self.on_stage(start)),
            Some(Target::Agent(agent)) => Drag::Agent(agent),
            _ => Drag::View(start),
        }
    }

    fn drag_to(self, seen: Point) {
        let drag = self.drag.get_value();
        let place = self.on_stage(seen);
        self.page.scene.update_value(|scene| match drag {
            Drag::Agent(agent) => {
                let offset = scene.layout.offset(place);
                scene.put(agent, offset);
            }
            Drag::View(from) => {
                let size = Point { x: scene.layout.width_px, y: scene.layout.height_px };
                scene.camera = scene.camera.moved(seen.x - from.x, seen.y - from.y, size);
            }
            Drag::Rift(from) => scene.rift = Some((from, place)),
            Drag::Nothing | Drag::Pressed(_) => {}
        });
        match drag {
            Drag::View(_) => self.drag.set_value(Drag::View(seen)),
            Drag::Rift(from) => self.page.partitioning.set(Some(self.beyond(from, place))),
            _ => {}
        }
        self.page.repaint();
    }

    fn beyond(self, from: Point, to: Point) -> Vec<AgentId> {
        let coordinator = self.page.snapshot.with_untracked(|shot| shot.cast.coordinator);
        let beyond =
            self.page.scene.try_with_value(|scene| scene.layout.beyond(from, to, coordinator));
        beyond.unwrap_or_default()
    }

    /// Two fingers move the view nearer or further; true while there are two.
    fn pinched(self, pointer: i32, seen: Point) -> bool {
        let spread = |fingers: &[(i32, Point)]| match fingers {
            [(_, a), (_, b)] => {
                let middle = Point { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) };
                Some((a.distance(*b), middle))
            }
            _ => None,
        };
        let spreads = self.fingers.try_update_value(|fingers| {
            let before = spread(fingers);
            for finger in fingers.iter_mut().filter(|finger| finger.0 == pointer) {
                finger.1 = seen;
            }
            before.zip(spread(fingers))
        });
        let Some(((before_px, _), (now_px, middle))) = spreads.flatten() else { return false };
        self.drag.set_value(Drag::Nothing);
        self.page.zoom(now_px / before_px.max(1.0), Some(middle));
        true
    }

    pub fn up(self, event: &PointerEvent) {
        self.fingers.update_value(|fingers| fingers.retain(|(id, _)| *id != event.pointer_id()));
        let drag = self.drag.try_update_value(core::mem::take).unwrap_or_default();
        match drag {
            Drag::Pressed(place) => self.pressed(place),
            Drag::Rift(_) => {
                self.page.scene.update_value(|scene| scene.rift = None);
                self.page.split();
            }
            _ => {}
        }
        self.page.repaint();
    }

    /// A click: while a partition is made it chooses who is cut off.
    fn pressed(self, place: Point) {
        let target = self.hit(place);
        let partitioning = self.page.partitioning.with_untracked(Option::is_some);
        match target.and_then(Target::agent).filter(|_| partitioning) {
            Some(agent) => self.page.toggle_away(agent),
            None => self.page.aim(target),
        }
    }

    pub fn cancelled(self) {
        self.fingers.set_value(Vec::new());
        self.drag.set_value(Drag::Nothing);
        self.page.scene.update_value(|scene| scene.rift = None);
        self.page.point_at(None);
    }

    pub fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let step = engine::common::figure::between(event.delta_y() / 400.0, -0.5, 0.5);
        self.page.zoom(js_sys::Math::exp(-step), Some(seen(event)));
    }

    /// Opens the menu of what is here.
    pub fn menu(self, event: &MouseEvent) {
        event.prevent_default();
        let target = self.hit(seen(event));
        if target != self.page.target.get_untracked() {
            self.page.aim(target);
        }
        open_menu(self.page, f64::from(event.client_x()), f64::from(event.client_y()));
    }
}

/// Opens the menu of what is selected at a place of the window.
pub fn open_menu(page: Page, x_px: f64, y_px: f64) {
    let Some(menu) = page.menu.get_untracked() else { return };
    let _ = menu.show_popover();
    keep_inside(&menu, x_px, y_px);
    // The acts on a new selection come with the next frame.
    request_animation_frame(move || {
        let first = menu.query_selector("button").ok().flatten();
        if let Some(first) = first.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = first.focus();
        }
    });
}

/// Opens the menu of what is selected, beside it.
pub fn open_selected(page: Page) {
    let Some(target) = page.target.get_untracked() else { return };
    let Some(canvas) = page.stage_canvas.get_untracked() else { return };
    let bounds = canvas.get_bounding_client_rect();
    let place = page.scene.try_with_value(|scene| {
        let place = scene.stage.place_of(target).unwrap_or(scene.layout.centre);
        scene.camera.seen(place)
    });
    let place = place.unwrap_or_default();
    open_menu(page, bounds.left() + place.x + 16.0, bounds.top() + place.y);
}

/// Near the edges of the window a menu opens towards its middle.
fn keep_inside(menu: &web_sys::HtmlElement, x_px: f64, y_px: f64) {
    let bounds = menu.get_bounding_client_rect();
    let window = window();
    let length = |value: Option<f64>| value.unwrap_or(0.0);
    let width = length(window.inner_width().ok().and_then(|value| value.as_f64()));
    let height = length(window.inner_height().ok().and_then(|value| value.as_f64()));
    let style = menu.style();
    let fits = |at: f64, size: f64, room: f64| at.min(room - size - 8.0).max(8.0) as i32;
    let _ = style.set_property("left", &format!("{}px", fits(x_px, bounds.width(), width)));
    let _ = style.set_property("top", &format!("{}px", fits(y_px, bounds.height(), height)));
}

impl Page {
    /// Chooses an agent to be cut off by the partition that is being made, or not any more.
    pub fn toggle_away(&self, agent: AgentId) {
        self.partitioning.update(|away| {
            let away = away.get_or_insert_default();
            match away.iter().position(|other| *other == agent) {
                Some(place) => {
                    away.remove(place);
                }
                None => away.push(agent),
            }
        });
        self.repaint();
    }

    /// Carries out the partition that was being made, if it cuts anyone off.
    pub fn split(&self) {
        let away = self.partitioning.get_untracked().unwrap_or_default();
        self.partitioning.set(None);
        self.repaint();
        if !away.is_empty() {
            let intervention =
                self.snapshot.with_untracked(|shot| acts::partition(&shot.cast, &away));
            self.intervene(intervention);
        }
    }
}

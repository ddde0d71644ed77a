//! The means that the other tests rely on: the browser does to a page what a person does.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use xtask::browser::{Browser, ColourScheme, Size};
use xtask::server::StaticServer;

use crate::browsers::with_browser;

fn with_sample(check: impl FnOnce(&Browser) -> Result<()>) -> Result<()> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/sample");
    let server = StaticServer::start(&sample)?;
    with_browser(|browser| {
        browser.goto(server.url())?;
        check(browser)
    })
}

#[test]
fn a_click_on_an_element_is_seen_by_the_page() -> Result<()> {
    with_sample(|browser| {
        let button = browser.test_id("count")?;
        button.click()?;
        button.click()?;
        assert_eq!(button.text()?, "2");
        Ok(())
    })
}

#[test]
fn what_is_typed_stands_in_the_field() -> Result<()> {
    with_sample(|browser| {
        let field = browser.test_id("name")?;
        field.type_text(" Lovelace")?;
        assert_eq!(field.property("value")?, "Ada Lovelace");
        field.clear()?;
        assert_eq!(field.property("value")?, "");
        assert_eq!(field.attribute("data-testid")?.as_deref(), Some("name"));
        Ok(())
    })
}

#[test]
fn keys_and_the_mouse_reach_what_is_painted() -> Result<()> {
    with_sample(|browser| {
        browser.press(" ")?;
        browser.press("\u{e014}")?;
        browser.click_at(110, 120)?;
        browser.drag(&[(150, 150), (160, 170)])?;
        let events =
            browser.run("return events.filter(event => !event.startsWith('pointermove'))")?;
        let expected = json!([
            "key  ",
            "key ArrowRight",
            "pointerdown 10 20",
            "pointerup 10 20",
            "pointerdown 50 50",
            "pointerup 60 70",
        ]);
        assert_eq!(events, expected);
        Ok(())
    })
}

#[test]
fn what_comes_late_is_waited_for_and_what_never_comes_is_named() -> Result<()> {
    with_sample(|browser| {
        assert_eq!(browser.test_id("late")?.text()?, "here");
        let never = browser.wait_for(Duration::from_millis(200), "a miracle", || Ok(None::<()>));
        let error = never.expect_err("there are none").to_string();
        assert!(error.contains("a miracle"), "{error}");
        Ok(())
    })
}

#[test]
fn a_script_gives_back_what_its_promise_holds_or_why_it_failed() -> Result<()> {
    with_sample(|browser| {
        let seven = browser.run("return new Promise(done => setTimeout(() => done(7), 50))")?;
        assert_eq!(seven, 7);
        let error = browser.run("throw new Error('no such thing')").expect_err("it throws");
        assert!(error.to_string().contains("no such thing"), "{error}");
        Ok(())
    })
}

#[test]
fn the_console_is_read_once_and_its_errors_are_told_apart() -> Result<()> {
    with_sample(|browser| {
        browser.run("console.log('a word'); console.error('a mistake')")?;
        let errors = browser.console_errors()?;
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("a mistake"), "{errors:?}");
        assert!(browser.console()?.is_empty());
        Ok(())
    })
}

#[test]
fn the_viewport_and_the_colour_scheme_are_as_set() -> Result<()> {
    with_sample(|browser| {
        browser.set_size(Size { width_px: 390, height_px: 844 })?;
        browser.wait_until("innerWidth === 390 && innerHeight === 844")?;
        for (scheme, name) in [(ColourScheme::Dark, "dark"), (ColourScheme::Light, "light")] {
            browser.set_colour_scheme(scheme)?;
            browser.wait_until(&format!("matchMedia('(prefers-color-scheme: {name})').matches"))?;
        }
        Ok(())
    })
}

#[test]
fn a_screenshot_has_the_size_of_the_viewport() -> Result<()> {
    with_sample(|browser| {
        browser.set_size(Size { width_px: 320, height_px: 240 })?;
        let picture = browser.png()?;
        assert_eq!(picture[..8], *b"\x89PNG\r\n\x1a\n");
        // The header of a PNG: width and height follow its first sixteen bytes.
        assert_eq!(picture[16..24], [0, 0, 1, 64, 0, 0, 0, 240]);
        Ok(())
    })
}

#[test]
fn a_browser_that_is_used_again_knows_nothing_of_before() -> Result<()> {
    with_sample(|browser| {
        browser.run(
            "localStorage.before = 'kept'; sessionStorage.before = 'kept'; window.name = 'before'",
        )?;
        browser.set_size(Size { width_px: 390, height_px: 844 })?;
        browser.set_colour_scheme(ColourScheme::Dark)?;
        browser.set_reduced_motion(true)?;
        browser.run("console.error('before')")?;
        let url = browser.run("return location.href")?;
        browser.renew()?;
        assert_eq!(browser.console()?, [], "nor what was in the console");
        browser.goto(url.as_str().unwrap_or_default())?;
        let known = browser.run(
            "return [localStorage.length, sessionStorage.length, window.name, innerWidth, innerHeight,
                     matchMedia('(prefers-color-scheme: dark)').matches,
                     matchMedia('(prefers-reduced-motion: reduce)').matches, document.hasFocus()]",
        )?;
        assert_eq!(known, json!([0, 0, "", 1280, 720, false, false, true]));
        Ok(())
    })
}

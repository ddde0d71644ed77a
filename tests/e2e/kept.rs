//! A person's own runs and scenarios are kept in the browser by themselves: they are listed, opened where
//! they were left, renamed, saved and deleted; and where the browser keeps nothing, the page says so and
//! works on.

use anyhow::{Context, Result, ensure};
use xtask::browser::Browser;

use crate::link::{moment, saved_by};
use crate::page::{choose_file, press, set, text, wait_for_text};
use crate::with_page;

/// Loads the page again as one who comes another day: its address holds no run.
fn come_again(page: &Browser) -> Result<()> {
    page.run("window.before = true; history.replaceState(null, '', location.pathname); location.reload()")?;
    page.wait_until("!window.before")?;
    wait_for_text(page, "scenario-chooser", "Deployment vote")
}

/// Opens the list of what is one's own.
fn list(page: &Browser) -> Result<()> {
    close(page)?;
    page.test_id("scenario-chooser")?.click()?;
    page.test_id("yours")?.click()?;
    page.test_id("kept-words").map(drop)
}

fn close(page: &Browser) -> Result<()> {
    page.run("document.querySelector('.menu:popover-open')?.hidePopover()").map(drop)
}

/// The names in the list.
fn names(page: &Browser) -> Result<Vec<String>> {
    list(page)?;
    let found = page.find_all("#yours [data-act=open] b")?;
    found.iter().map(|it| it.text()).collect()
}

fn check_names(page: &Browser, expected: &[&str]) -> Result<()> {
    assert_eq!(names(page)?, expected);
    close(page)
}

/// The keyboard goes there with the frame after the act.
fn wait_for_focus(page: &Browser, id: &str) -> Result<()> {
    page.wait_until(&format!("document.activeElement.dataset.testid === '{id}'"))
}

/// Crashes an agent once something has happened.
fn crash(page: &Browser, agent: &str) -> Result<()> {
    page.test_id("clock")?;
    page.wait_until("document.querySelector('[data-testid=clock]').textContent > '0:00.030'")?;
    press(page, "play")?;
    press(page, &format!("agent-{agent}"))?;
    page.test_id("crash")?.click()?;
    page.test_id("restart").map(drop)
}

const CRASHED: &str = "Deployment vote · crash qa-engineer";

#[test]
fn what_was_done_is_there_another_day_at_the_moment_it_was_left() -> Result<()> {
    with_page("", |page| {
        // One branch as planned, and one without.
        press(page, "to-end")?;
        press(page, "to-start")?;
        for _ in 0..6 {
            page.test_id("step-forward")?.click()?;
        }
        press(page, "agent-devops-engineer")?;
        page.test_id("crash")?.click()?;
        page.test_id("branch-1")?;
        press(page, "step-forward")?;
        press(page, "step-forward")?;
        let left = moment(page)?;
        come_again(page)?;
        check_names(page, &["Deployment vote · crash devops-engineer"])?;
        list(page)?;
        page.test_id("open")?.click()?;
        wait_for_text(page, "trace-hash", &left[0])?;
        assert_eq!(moment(page)?, left);
        page.test_id("branch-1")?;
        ensure!(page.find_all("[data-testid=error-message]")?.is_empty(), "without a word");
        // It goes on in the same item, also when the page is loaded again with its address.
        press(page, "agent-backend-expert")?;
        page.test_id("crash")?.click()?;
        page.wait_until("location.hash.includes('backend-expert')")?;
        page.run("window.before = true; location.reload()")?;
        page.wait_until("!window.before")?;
        page.test_id("branch-1").context("the link shows one branch, and the others are there")?;
        press(page, "agent-lead-engineer")?;
        page.test_id("crash")?.click()?;
        check_names(page, &["Deployment vote · crash devops-engineer and 2 more"])
    })
}

#[test]
fn only_looking_keeps_nothing_and_each_run_is_kept_by_itself() -> Result<()> {
    with_page("", |page| {
        press(page, "to-end")?;
        press(page, "new-seed")?;
        press(page, "scenario-ring-vote")?;
        press(page, "scenario-deployment-vote")?;
        check_names(page, &[])?;
        crash(page, "qa-engineer")?;
        press(page, "reset")?;
        check_names(page, &[CRASHED])?;
        crash(page, "lead-engineer")?;
        check_names(page, &["Deployment vote · crash lead-engineer", CRASHED])?;
        // The way back leads to where it is kept.
        press(page, "reset")?;
        page.test_id("back-to-run")?.click()?;
        wait_for_text(page, "log", "lead-engineer crashed")?;
        page.test_id("restart")?.click()?;
        let names = ["Deployment vote · crash lead-engineer and 1 more", CRASHED];
        check_names(page, &names)?;
        // A scenario with other settings is one run, however often they are set.
        press(page, "scenario-deployment-vote")?;
        set(page, "share-needed", "80")?;
        set(page, "share-needed", "90")?;
        check_names(page, &["Deployment vote · own settings", names[0], names[1]])
    })
}

#[test]
fn a_kept_run_is_renamed_saved_deleted_and_brought_back() -> Result<()> {
    with_page("", |page| {
        crash(page, "qa-engineer")?;
        list(page)?;
        let field = |page: &Browser, name: &str, key: &str| {
            page.test_id("rename")?.click()?;
            wait_for_focus(page, "name")?;
            let field = page.test_id("name")?;
            field.clear()?;
            field.type_text(name)?;
            page.press(key)
        };
        let odd = "<img src=x onerror=window.foreign=1>\" autofocus onfocus=window.foreign=1 '&";
        field(page, "nothing of it", "\u{e00c}")?;
        check_names(page, &[CRASHED])?;
        list(page)?;
        field(page, odd, "\u{e007}")?;
        wait_for_text(page, "rename", "")?;
        check_names(page, &[odd])?;
        list(page)?;
        page.test_id("rename")?.click()?;
        wait_for_focus(page, "name")?;
        assert_eq!(page.test_id("name")?.property("value")?, odd);
        page.press("\u{e00c}")?;
        ensure!(page.find_all("#yours img")?.is_empty(), "a name stays text");
        ensure!(page.run("return window.foreign ?? null")?.is_null(), "a name has run");
        // It has the name also when it goes on.
        close(page)?;
        page.test_id("restart")?.click()?;
        check_names(page, &[odd])?;

        let (name, shared) = saved_by(page, |page| {
            page.test_id("share")?.click()?;
            page.test_id("save-run")?.click()
        })?;
        page.press("\u{e00c}")?;
        let exported = saved_by(page, |page| {
            list(page)?;
            page.test_id("save")?.click()
        })?;
        assert_eq!(exported, (name, shared), "the same file as in the dialog");

        page.test_id("delete")?.click()?;
        wait_for_text(page, "yours", "Yours")?;
        ensure!(page.run("return localStorage.length")? == 1, "only the theme is left");
        wait_for_focus(page, "undo")?;
        page.press("\u{e007}")?;
        wait_for_focus(page, "delete")?;
        check_names(page, &[odd])?;
        list(page)?;
        page.test_id("delete")?.click()?;
        check_names(page, &[])?;
        // A deleted run stays gone until something is done.
        come_again(page)?;
        check_names(page, &[])
    })
}

const MINE: &str = r#"{ "format": 1, "name": "mine", "title": "Mine & <b>bold</b>",
    "agents": [{ "id": "a" }, { "id": "b" }], "proposals": [{ "id": "p" }] }"#;

#[test]
fn a_scenario_from_a_file_is_kept_as_a_scenario() -> Result<()> {
    with_page("", |page| {
        choose_file(page, "mine.json", MINE)?;
        wait_for_text(page, "scenario-chooser", "Mine")?;
        press(page, "to-end")?;
        come_again(page)?;
        check_names(page, &["Mine & <b>bold</b>"])?;
        let (name, content) = saved_by(page, |page| {
            list(page)?;
            page.test_id("save")?.click()
        })?;
        assert_eq!(name, "mine.json");
        ensure!(content.starts_with("{\n  \"format\": 1,\n  \"name\": \"mine\""), "{content}");
        page.test_id("open")?.click()?;
        wait_for_text(page, "scenario-chooser", "Mine")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "approved")?;
        check_names(page, &["Mine & <b>bold</b>"])?;
        // An act in it makes a run; the scenario stays.
        press(page, "to-start")?;
        press(page, "agent-a")?;
        page.test_id("crash")?.click()?;
        check_names(page, &["Mine & <b>bold</b> · crash a", "Mine & <b>bold</b>"])
    })
}

#[test]
fn two_pages_at_once_lose_nothing() -> Result<()> {
    with_page("", |page| {
        crash(page, "qa-engineer")?;
        // Another page has done something in the same item.
        page.run(
            "const key = Object.keys(localStorage).find(it => it.startsWith('swarmglass-kept-'));
             const lines = localStorage[key].split('\\n');
             lines[1] = String(+lines[1] + 1); lines[4] = 'of the other';
             localStorage[key] = lines.join('\\n')",
        )?;
        page.test_id("restart")?.click()?;
        check_names(page, &["Deployment vote · crash qa-engineer and 1 more", "of the other"])
    })
}

#[test]
fn without_room_it_is_said_once_and_the_page_plays_on() -> Result<()> {
    with_page("", |page| {
        page.run(
            "let size = 4_000_000; localStorage.full = '';
             while (size >= 1) {
                 try { localStorage.full += 'x'.repeat(size); } catch { size = Math.floor(size / 2); }
             }",
        )?;
        crash(page, "qa-engineer")?;
        wait_for_text(page, "error-message", "Delete some of yours")?;
        page.test_id("dismiss")?.click()?;
        page.test_id("restart")?.click()?;
        page.test_id("crash")?;
        ensure!(page.find_all("[data-testid=error-message]")?.is_empty(), "it was said");
        check_names(page, &[])?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "approved")?;
        // A file that does not fit opens all the same.
        choose_file(page, "mine.json", MINE)?;
        wait_for_text(page, "scenario-chooser", "Mine")?;
        wait_for_text(page, "error-message", "Delete some of yours")?;
        // With room again it is kept with all that was done.
        page.run("localStorage.removeItem('full')")?;
        press(page, "to-start")?;
        press(page, "agent-a")?;
        page.test_id("crash")?.click()?;
        check_names(page, &["Mine & <b>bold</b> · crash a"])
    })
}

#[test]
fn where_nothing_may_be_kept_the_list_says_so_and_the_page_plays_on() -> Result<()> {
    let forbidden = [
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })",
        "Object.defineProperty(window, 'localStorage', { get: () => null })",
    ];
    for script in forbidden {
        with_page("", |page| {
            page.run(script)?;
            crash(page, "qa-engineer")?;
            wait_for_text(page, "error-message", "does not let this page keep anything")?;
            list(page)?;
            wait_for_text(page, "kept-words", "save runs as files")?;
            close(page)?;
            press(page, "theme")?;
            press(page, "to-end")?;
            wait_for_text(page, "tally-decision", "approved")?;
            choose_file(page, "mine.json", MINE)?;
            wait_for_text(page, "scenario-chooser", "Mine")
        })?;
    }
    with_page("", |page| {
        page.run(
            "Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError') }",
        )?;
        crash(page, "qa-engineer")?;
        wait_for_text(page, "error-message", "save the run as a file")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "approved")
    })
}

#[test]
fn what_is_broken_says_so_and_can_be_saved_and_deleted() -> Result<()> {
    with_page("", |page| {
        crash(page, "qa-engineer")?;
        page.run(
            "const key = Object.keys(localStorage).find(it => it.startsWith('swarmglass-kept-'));
             const whole = localStorage[key];
             const put = (name, text) => localStorage.setItem('swarmglass-kept-' + name, text);
             put('1\"><img src=x>', 'swarmglass 9\\n<img src=x onerror=window.foreign=1>');
             put('2', whole.slice(0, 300).replace(/\\n\\d+\\n/, '\\n5\\n'));
             put('3', whole.replace('\"run\": 1', '\"run\": 99').replace(/\\n\\d+\\n/, '\\n4\\n'));
             localStorage.removeItem(key)",
        )?;
        let broken = [CRASHED, CRASHED, "Cannot be read"];
        check_names(page, &broken)?;
        let opens = |place: usize, expected: &str| {
            list(page)?;
            page.find_all("#yours [data-act=open]")?.get(place).context("no entry")?.click()?;
            wait_for_text(page, "error-message", expected)?;
            page.test_id("dismiss")?.click()?;
            wait_for_text(page, "scenario-chooser", "Deployment vote")
        };
        opens(0, "not JSON")?;
        opens(1, "newer version")?;
        opens(2, "not JSON")?;
        check_names(page, &broken)?;
        let (name, content) = saved_by(page, |page| {
            list(page)?;
            page.find_all("#yours [data-act=save]")?.get(2).context("no entry")?.click()
        })?;
        assert_eq!(name, "swarmglass-kept.json");
        ensure!(content.starts_with("swarmglass 9\n<img"), "{content}");
        for _ in 0..3 {
            list(page)?;
            page.find_all("#yours [data-act=delete]")?.last().context("no entry")?.click()?;
        }
        check_names(page, &[])?;
        ensure!(page.run("return window.foreign ?? null")?.is_null(), "a broken entry has run");
        let _ = text(page, "clock")?;
        Ok(())
    })
}

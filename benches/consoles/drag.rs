//! What a picture costs: ten seconds of a window that is dragged over a desktop of 1920×1080.

use std::{thread, time::Duration};

use lab::ScreenHost;
use testbed::{Desktop, Program, Watch, socket::VncServer, until_true};

use crate::{
    PATIENCE, processor,
    recording::{Gate, Recording},
    settled, viewers,
    viewers::Viewer,
};

/// 150 pictures in ten seconds.
const PACE: Duration = Duration::from_micros(66_600);
const SCREEN: (u16, u16) = (2000, 1250);
/// Innkeeper's window: the picture, the header, and a rest of black.
const WINDOW: (u16, u16) = (1960, 1180);
/// A screen that does not change for this long shows all that it will.
const CALM: Duration = Duration::from_secs(1);
/// After the last picture was sent.
const REST: Duration = Duration::from_millis(500);

/// Milliseconds of a processor for each picture: the viewer's and the X server's.
#[derive(Clone, Copy)]
struct Cost {
    viewer: f64,
    server: f64,
}

/// Compares the viewers, which take turns.
pub(crate) fn compare(encodings: &[String], rounds: usize) {
    let viewers = viewers::all();
    println!("ms of a processor for each picture: viewer + X server, medians of {rounds}");
    for encoding in encodings {
        let recording = Recording::drag(encoding);
        let mut costs = vec![Vec::new(); viewers.len()];
        for _ in 0..rounds {
            for (viewer, costs) in viewers.iter().zip(&mut costs) {
                costs.push(measure(viewer, &recording));
            }
        }
        report(encoding, &viewers, costs.into_iter().map(median).collect());
    }
}

fn measure(viewer: &Viewer, recording: &Recording) -> Cost {
    let gate = Gate::default();
    let server = VncServer::start(PACE, {
        let (recording, gate) = (recording.clone(), gate.clone());
        move || recording.play(&gate)
    });
    let desktop = Desktop::start_of(SCREEN);
    let host = ScreenHost::of(&[server.port()]).expect("a libvirtd");
    settled::settle(&desktop, &host, "never", WINDOW);
    let watch = Watch::open(desktop.display());
    let program = viewer.show(&desktop, &host, server.port());
    wait_for_picture(&program, &watch, &server);
    let now = || {
        (
            processor::of_process(program.id()),
            processor::of_process(desktop.server_id()),
        )
    };
    let before = now();
    gate.open();
    until_true("the last picture", PATIENCE, || {
        server.updates() > recording.frames()
    });
    thread::sleep(REST);
    let after = now();
    keep(&desktop, viewer);
    let share = |before: Duration, after: Duration| {
        after.saturating_sub(before).as_secs_f64() * 1e3 / recording.frames() as f64
    };
    Cost {
        viewer: share(before.0, after.0),
        server: share(before.1, after.1),
    }
}

fn wait_for_picture(program: &Program, watch: &Watch, server: &VncServer) {
    until_true("a viewer that asks for pictures", PATIENCE, || {
        server.asked() > 1
    });
    let begun = std::time::Instant::now();
    let sight = watch.until_calm(begun, CALM, PATIENCE, |picture| picture.busy() > 0.0);
    assert!(sight.is_some(), "no calm: {:?}", program.messages());
}

/// Keeps what the viewer showed in the end.
fn keep(desktop: &Desktop, viewer: &Viewer) {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("consoles");
    std::fs::create_dir_all(&path).expect("a folder");
    let picture = desktop.screen().picture();
    picture.save(&path.join(viewer.name).with_extension("png"));
}

fn median(mut costs: Vec<Cost>) -> Cost {
    let mut middle = |of: fn(&Cost) -> f64| {
        costs.sort_by(|one, other| of(one).total_cmp(&of(other)));
        of(&costs[costs.len() / 2])
    };
    Cost {
        viewer: middle(|cost| cost.viewer),
        server: middle(|cost| cost.server),
    }
}

fn report(encoding: &str, viewers: &[Viewer], costs: Vec<Cost>) {
    let ours = costs[0];
    for (viewer, cost) in viewers.iter().zip(&costs) {
        println!(
            "{encoding:<6} {:<12} {:6.2} + {:5.2}   ours of it: {:.2} ({:.2} with the X server)",
            viewer.name,
            cost.viewer,
            cost.server,
            ours.viewer / cost.viewer,
            (ours.viewer + ours.server) / (cost.viewer + cost.server),
        );
    }
    let reached = |is: bool| if is { "reached" } else { "MISSED" };
    let judge = |what: &str, of: fn(&Cost) -> f64| {
        let (ours, others) = (of(&ours), [of(&costs[1]), of(&costs[2])]);
        println!(
            "{encoding:<6} {what}: at most half of gvncviewer: {}; at most vncviewer: {}",
            reached(ours <= others[0] / 2.0),
            reached(ours <= others[1])
        );
    };
    judge("viewer and X server", |cost| cost.viewer + cost.server);
    judge("viewer alone", |cost| cost.viewer);
}

//! What screens that move cost Innkeeper beside their pictures: nothing while nobody sees them, memory, and many at once.

use std::{
    thread,
    time::{Duration, Instant},
};

use lab::ScreenHost;
use testbed::{
    Desktop, Program,
    socket::{Band, VncServer},
    until, until_true,
};

use crate::{PATIENCE, processor, settled};

/// How long each measurement lasts.
const SPAN: Duration = Duration::from_secs(10);
/// After a window has come or gone.
const SETTLE: Duration = Duration::from_secs(5);
const WINDOW: (u16, u16) = (1280, 847);

/// Innkeeper on a desktop, and the screens that it can show.
struct Stage {
    desktop: Desktop,
    host: ScreenHost,
    servers: Vec<VncServer>,
}

impl Stage {
    fn set(count: usize, size: (u16, u16), pace: Duration, window: (u16, u16)) -> Self {
        let servers: Vec<_> = (0..count)
            .map(|_| VncServer::start(pace, move || Band::of(size)))
            .collect();
        let ports: Vec<u16> = servers.iter().map(VncServer::port).collect();
        let desktop = Desktop::start();
        let host = ScreenHost::of(&ports).expect("a libvirtd");
        settled::settle(&desktop, &host, "always", window);
        Self {
            desktop,
            host,
            servers,
        }
    }

    /// Starts Innkeeper, which tells when its main loop was held; further invocations only tell it what to show.
    fn start(&self, screen: Option<usize>) -> Program {
        let mut command = self.desktop.command(env!("CARGO_BIN_EXE_innkeeper"));
        command
            .env("INNKEEPER_WATCHDOG", "1")
            .args(["--connect", self.host.uri()]);
        if let Some(number) = screen {
            command.args(["--show-domain-console", &ScreenHost::name(number)]);
        }
        Program::start(command)
    }

    /// Shows one more screen in the Innkeeper that runs.
    fn show(&self, number: usize) {
        let mut told = self.start(Some(number));
        assert!(
            told.process().ended(PATIENCE).success(),
            "{:?}",
            told.messages()
        );
    }

    fn wait_until_live(&self, number: usize, program: &Program) {
        let begun = Instant::now();
        while self.servers[number].updates() < 10 {
            assert!(
                begun.elapsed() < PATIENCE,
                "{}",
                program.messages().join("\n")
            );
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What a screen in a minimised window costs, beside the same one in sight.
pub(crate) fn hidden() {
    let stage = Stage::set(1, (1024, 768), Duration::from_millis(33), WINDOW);
    let program = stage.start(Some(0));
    stage.wait_until_live(0, &program);
    let screen = stage.desktop.screen();
    let window = until("the guest’s window", PATIENCE, || {
        screen.window(&ScreenHost::name(0))
    });
    println!("a screen that moves 30 times a second, 1024×768, plain pixels, for a second:");
    tell_second("in sight", &stage.servers[0], &program);
    screen.minimise(window);
    tell_second("minimised", &stage.servers[0], &program);
    screen.activate(window);
    tell_second("in sight again", &stage.servers[0], &program);
}

fn tell_second(what: &str, server: &VncServer, program: &Program) {
    thread::sleep(SETTLE);
    let now = || {
        (
            server.asked(),
            server.updates(),
            server.bytes(),
            processor::of_process(program.id()),
        )
    };
    let (before, begun) = (now(), Instant::now());
    thread::sleep(SPAN);
    let (after, span) = (now(), begun.elapsed().as_secs_f64());
    let rate = |before: u64, after: u64| (after - before) as f64 / span;
    println!(
        "{what:<15} {:6.2} requests, {:6.2} updates, {:10.1} kB, {:5.2} % of a processor",
        rate(before.0, after.0),
        rate(before.1, after.1),
        rate(before.2, after.2) / 1e3,
        after.3.saturating_sub(before.3).as_secs_f64() / span * 100.0,
    );
}

/// What a screen takes of memory over the idle main window: at most two pictures and 64 MiB.
pub(crate) fn memory() {
    const BESIDE: f64 = 64.0;
    println!(
        "memory (PSS), MiB: the main window alone, with the screen, and what two pictures and 64 MiB allow"
    );
    for (name, size) in [("1080p", (1920, 1080)), ("4K", (3840, 2160))] {
        let stage = Stage::set(1, size, Duration::from_millis(100), WINDOW);
        let program = stage.start(None);
        let screen = stage.desktop.screen();
        until("the main window", PATIENCE, || screen.window("Innkeeper"));
        thread::sleep(SETTLE);
        let idle = program.memory_mib();
        stage.show(0);
        stage.wait_until_live(0, &program);
        thread::sleep(SPAN);
        let shown = program.memory_mib();
        let picture = f64::from(size.0) * f64::from(size.1) * 4.0 / f64::from(1 << 20);
        let allowed = 2.0 * picture + BESIDE;
        println!(
            "{name:<6} {idle:6.1}, {shown:6.1}: {:6.1} more, allowed {allowed:6.1}: {}",
            shown - idle,
            if shown - idle <= allowed {
                "reached"
            } else {
                "MISSED"
            }
        );
    }
}

/// Many screens at once, each of which moves ten times a second.
pub(crate) fn many(count: usize) {
    let size = (640, 400);
    let stage = Stage::set(count, size, Duration::from_millis(100), (660, 460));
    let program = stage.start(Some(0));
    stage.wait_until_live(0, &program);
    for number in 1..count {
        stage.show(number);
    }
    until_true("all screens", PATIENCE, || {
        stage.servers.iter().all(|server| server.updates() > 10)
    });
    thread::sleep(SETTLE);
    let now = || -> Vec<u64> { stage.servers.iter().map(VncServer::updates).collect() };
    let (before, begun, spent) = (now(), Instant::now(), processor::of_process(program.id()));
    thread::sleep(SPAN);
    let (after, span) = (now(), begun.elapsed().as_secs_f64());
    let spent = processor::of_process(program.id()).saturating_sub(spent);
    let pairs = before.iter().zip(&after);
    let mut rates: Vec<f64> = pairs.map(|(b, a)| (a - b) as f64 / span).collect();
    rates.sort_by(f64::total_cmp);
    println!(
        "{count} screens of {}×{}: the slowest {:.1} updates a second, the middle one {:.1} of 10; {:.0} % of a processor, \
         {:.0} MiB, main loop held for at most {} ms",
        size.0,
        size.1,
        rates[0],
        rates[count / 2],
        spent.as_secs_f64() / span * 100.0,
        program.memory_mib(),
        program.longest_stall_ms(),
    );
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("consoles");
    std::fs::create_dir_all(&path).expect("a folder");
    stage
        .desktop
        .screen()
        .picture()
        .save(&path.join("many.png"));
}

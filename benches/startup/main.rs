//! From process start to all guests on the screen, the memory after it and the cost of doing nothing: Innkeeper and
//! virt-manager in one run, on the same daemon, the same display, with the same eyes.
//!
//! `build-aux/dev cargo bench --bench startup --features e2e [-- --runs N] [--sizes 10,100] [--far-peer]`
//!
//! Both start on an X server of their own without a window manager. The screen is watched through the X server's
//! damage reports: the time is that of the last change before the picture was calm, with rows of text on it. Both
//! reach the daemon through `qemu+unix:///system?socket=…`; over the slow link that socket is a relay that delays each
//! direction by 25 ms. virt-manager is installed on demand into an overlay of the private root, which stays as it is.
//! Over the slow link virt-manager needs minutes for 1,000 guests: that is measured with `--far-peer` only.

mod client;
mod guests;
mod measure;
#[path = "../support/overlay.rs"]
mod overlay;
mod report;

use std::{path::Path, time::Duration};

use testbed::{Lab, socket::Relay};

use client::Client;
use measure::{Figures, Plan};

/// Half of the slow link's round trip.
const DELAY: Duration = Duration::from_millis(25);

fn main() {
    let wishes = Wishes::read();
    let lab = Lab::start(Path::new(env!("CARGO_MANIFEST_DIR")));
    guests::clear(&lab);
    let folder = tempfile::tempdir().expect("a folder");
    let far = folder.path().join("far");
    let _relay = Relay::start(&far, lab.socket(), DELAY);
    let clients = [Client::innkeeper(), Client::virt_manager()];
    report::head(&lab);
    for size in wishes.sizes {
        guests::define_up_to("qemu:///system", size);
        let near = both(&clients, lab.socket(), |_| Plan::near(size, wishes.runs));
        report::near(size, &near);
        let distant = both(&clients, &far, |client| {
            let is_long = client.is_peer() && size > 100;
            (!is_long || wishes.far_peer).then(|| Plan::far(size, wishes.runs, is_long))
        });
        report::far(size, &distant);
    }
}

/// Measures both clients; a plan that is none gives no figures.
fn both<P: Into<Option<Plan>>>(
    clients: &[Client; 2],
    socket: &Path,
    plan: impl Fn(&Client) -> P,
) -> [Option<Figures>; 2] {
    let measured = |client: &Client| {
        let plan = plan(client).into()?;
        let uri = format!("qemu+unix:///system?socket={}", socket.display());
        Some(measure::measure(client, &uri, &plan))
    };
    [measured(&clients[0]), measured(&clients[1])]
}

/// What the command line asks for.
struct Wishes {
    runs: usize,
    sizes: Vec<usize>,
    far_peer: bool,
}

impl Wishes {
    fn read() -> Self {
        let mut wishes = Self {
            runs: 5,
            sizes: vec![10, 100, 1000],
            far_peer: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--runs" => wishes.runs = number(arguments.next()),
                "--sizes" => {
                    let list = arguments.next().unwrap_or_default();
                    wishes.sizes = list
                        .split(',')
                        .map(|n| number(Some(n.to_owned())))
                        .collect();
                }
                "--far-peer" => wishes.far_peer = true,
                // cargo's own.
                "--bench" => {}
                other => panic!("unknown argument {other}"),
            }
        }
        wishes
    }
}

fn number(text: Option<String>) -> usize {
    let text = text.expect("a number after the option");
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

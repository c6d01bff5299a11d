//! What it costs to bring a guest's picture to the screen: how it is cut, for each of GTK's renderers.
//!
//! `build-aux/dev cargo bench --bench paint --features e2e [-- --frames N] [--renderers cairo,ngl,vulkan] [--sizes 1080p,4k]`
//!
//! Each renderer and size has a process of its own on an X server of its own, without a window manager; GL (GTK calls its renderer ngl) is llvmpipe,
//! Vulkan lavapipe (installed into an overlay of the private root). A process shows the picture pixel by pixel in each
//! way of cutting it, and for each kind of change counts the processor time of a frame: its own, all threads, and the
//! X server's. "copied" is what the way copies of the picture for a frame.

mod child;
mod measure;
#[path = "../support/overlay.rs"]
mod overlay;
#[path = "../support/processor.rs"]
mod processor;
mod ways;

use std::{env, process::Command};

use testbed::Desktop;

/// What a run shall measure.
struct Wishes {
    frames: u32,
    renderers: Vec<String>,
    sizes: Vec<String>,
}

/// Sizes of a picture, by name.
const SIZES: [(&str, (u16, u16)); 2] = [("1080p", (1920, 1080)), ("4k", (3840, 2160))];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--child") {
        child::run(&arguments[1..]);
        return;
    }
    let wishes = Wishes::read(&arguments);
    for renderer in &wishes.renderers {
        for (name, size) in SIZES {
            if wishes.sizes.iter().any(|wanted| wanted == name) {
                measure(renderer, name, size, wishes.frames);
            }
        }
    }
}

impl Wishes {
    fn read(arguments: &[String]) -> Self {
        let value = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1).cloned()
        };
        let list = |name: &str, all: &str| {
            let text = value(name).unwrap_or_else(|| all.to_owned());
            text.split(',').map(str::to_owned).collect()
        };
        Self {
            frames: value("--frames").map_or(40, |text| text.parse().expect("a number")),
            renderers: list("--renderers", "cairo,ngl,vulkan"),
            sizes: list("--sizes", "1080p,4k"),
        }
    }
}

/// Measures one renderer at one size, in a process and on a screen of its own.
fn measure(renderer: &str, name: &str, size: (u16, u16), frames: u32) {
    let desktop = Desktop::bare_of(size);
    let mut command: Command = desktop.command(env::current_exe().expect("this program"));
    command
        .args(["--child", &size.0.to_string(), &size.1.to_string()])
        .args([desktop.server_id().to_string(), frames.to_string()])
        .env("GSK_RENDERER", renderer);
    if renderer == "vulkan" {
        lavapipe(&mut command);
    }
    println!("\n{renderer}, {name}: ms of a core for a frame, ours + the X server's (MB copied)");
    let status = command.status().expect("the measuring process");
    assert!(status.success(), "{renderer} at {name}: {status}");
}

/// Makes the software renderer of Vulkan known to a process.
fn lavapipe(command: &mut Command) {
    let overlay = overlay::install("lavapipe", &["mesa-vulkan-drivers"]);
    let libraries = overlay.added.join("usr/lib/x86_64-linux-gnu");
    let library = libraries.join("libvulkan_lvp.so");
    let description = format!(
        r#"{{"file_format_version":"1.0.0","ICD":{{"api_version":"1.4.0","library_path":"{}"}}}}"#,
        library.display()
    );
    let path = overlay.added.join("lavapipe.json");
    std::fs::write(&path, description).expect("a file");
    command
        .env("VK_DRIVER_FILES", &path)
        .env("LD_LIBRARY_PATH", &libraries);
}

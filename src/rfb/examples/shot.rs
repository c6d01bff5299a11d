//! Saves a VNC server's first full picture as a PNG: the handshake, TLS and logins of this crate on a command line.

mod support;

use std::{
    error::Error,
    fs::File,
    io::{self, BufWriter, IsTerminal},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use link_security::{
    Answer, AskError, AskFuture, Credentials, Question, Request, Secret,
    pki::{PkiFiles, PkiRoots},
    sasl::Policy,
};
use rfb::{
    Anonymous, Event, Events, Framebuffer, NoSecurity, Options, SPEAKS_ANONYMOUS_TLS, Sasl,
    SecurityLayer, Session, VeNCrypt, VncPassword,
};
use support::{Words, connect, host_of, is_socket};
use tokio::time::timeout;

/// How long the first picture may take, after the questions.
const PATIENCE: Duration = Duration::from_secs(30);

/// The variable that a password may be in.
const VARIABLE: &str = "VNC_PASSWORD";

const HELP: &str = "\
usage: shot [OPTIONS] vnc://HOST:PORT|unix:PATH OUT.png

  --user NAME          the name for servers that want one
  --password PASSWORD  the password. Everybody on this machine sees it in the list of processes, and your shell keeps it:
                       better set VNC_PASSWORD, or give none and be asked for it
  --pki DIR            look for certificates below DIR instead of ~/.pki and /etc/pki: CA/cacert.pem, CA/cacrl.pem,
                       libvirt-vnc/clientcert.pem, libvirt-vnc/private/clientkey.pem
  --ca FILE            trust the authorities in FILE
  --require-tls        take nothing but TLS with a certificate
  --anonymous          take TLS without a certificate, too, where nothing better is offered: it keeps out who listens, and
                       nobody who stands in between (in builds with the feature anonymous-tls)
";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shot: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut words = Words::read_with(&["require-tls", "anonymous", "help"])?;
    if words.has("help") {
        print!("{HELP}");
        return Ok(());
    }
    let [address, out] =
        <[String; 2]>::try_from(std::mem::take(&mut words.plain)).map_err(|_| HELP)?;
    let files = files(&mut words)?;
    let person = Person::of(&mut words)?;
    let mut options = Options::default();
    options.target.clone_from(&address);
    let anonymous = words.has("anonymous");
    if anonymous && !SPEAKS_ANONYMOUS_TLS {
        return Err("--anonymous needs a build with the feature anonymous-tls".into());
    }
    let wish = Wish {
        require_tls: words.has("require-tls"),
        anonymous,
    };
    options.security = layers(&address, files, &person, wish);
    options.credentials = Arc::new(person);
    words.done()?;
    let (session, mut events) = Session::connect(connect(&address).await?, options);
    connected(&mut events).await?;
    timeout(PATIENCE, first_frame(&mut events, &session))
        .await
        .map_err(|_| "the server sent no picture in time")??;
    let picture = session.picture().await.ok_or(rfb::Error::Closed)?;
    save(&picture, &out)?;
    Ok(())
}

/// Where certificates lie, as the command line says.
fn files(words: &mut Words) -> Result<PkiFiles, String> {
    let roots = match words.take::<PathBuf>("pki")? {
        Some(system) => PkiRoots {
            system,
            user: None,
            privileged: false,
        },
        None => PkiRoots::of_this_user(),
    };
    let mut files = PkiFiles::vnc(&roots);
    if let Some(path) = words.take::<PathBuf>("ca")? {
        files.ca.looked = vec![path.clone()];
        files.ca.found = path.exists().then_some(path);
    }
    Ok(files)
}

/// What the command line says of TLS.
struct Wish {
    require_tls: bool,
    anonymous: bool,
}

/// What is taken of what the server offers, the best first.
fn layers(
    address: &str,
    files: PkiFiles,
    person: &Person,
    wish: Wish,
) -> Vec<Arc<dyn SecurityLayer>> {
    let policy = if is_socket(address) {
        Policy::Protected
    } else {
        Policy::Bare
    };
    let mut tls = VeNCrypt::new(host_of(address), files);
    tls.user.clone_from(&person.user);
    tls.anonymous = wish.anonymous.then_some(Anonymous {
        policy,
        only_with_login: false,
    });
    let tls: Arc<dyn SecurityLayer> = Arc::new(tls);
    if wish.require_tls {
        return vec![tls];
    }
    let sasl = Sasl {
        host: host_of(address),
        policy,
        user: person.user.clone(),
    };
    vec![
        tls,
        Arc::new(sasl),
        Arc::new(NoSecurity),
        Arc::new(VncPassword),
    ]
}

/// Whoever runs this: what the command line and the environment say, and else who sits there.
struct Person {
    user: Option<String>,
    password: Option<Secret>,
}

impl Person {
    fn of(words: &mut Words) -> Result<Self, String> {
        let told = words.take::<String>("password")?;
        let password = told.or_else(|| std::env::var(VARIABLE).ok());
        Ok(Self {
            user: words.take("user")?,
            password: password.map(Secret::from),
        })
    }

    fn password(&self, prompt: String) -> Result<Secret, AskError> {
        if let Some(password) = &self.password {
            return Ok(password.clone());
        }
        if !io::stdin().is_terminal() {
            return Err(AskError::Unavailable);
        }
        let typed = rpassword::prompt_password(prompt);
        typed.map(Secret::from).map_err(|_| AskError::Cancelled)
    }
}

impl Credentials for Person {
    fn ask(&self, request: Request) -> AskFuture<'_> {
        Box::pin(async move {
            match request.question {
                Question::VncPassword => self
                    .password(format!("Password of {}: ", request.target))
                    .map(Answer::password),
                Question::UserPassword { user, .. } => {
                    let user = self.user.clone().or(user).ok_or(AskError::Unavailable)?;
                    let prompt = format!("Password of {user} on {}: ", request.target);
                    let password = self.password(prompt)?;
                    Ok(Answer::user_password(user, password))
                }
                _ => Err(AskError::Unavailable),
            }
        })
    }
}

/// Waits until the server describes its desktop; a person may have to think before.
async fn connected(events: &mut Events) -> Result<(), rfb::Error> {
    while let Some(event) = events.recv().await {
        match event {
            Event::Connected { .. } => return Ok(()),
            Event::Closed(error) => return Err(error),
            _ => {}
        }
    }
    Err(rfb::Error::Closed)
}

/// Waits until every pixel of the present size has been painted.
async fn first_frame(events: &mut Events, session: &Session) -> Result<(), rfb::Error> {
    while let Some(event) = events.recv().await {
        match event {
            Event::Damage if session.is_complete() => return Ok(()),
            Event::Closed(error) => return Err(error),
            _ => {}
        }
    }
    Err(rfb::Error::Closed)
}

fn save(picture: &Framebuffer, path: &str) -> Result<(), Box<dyn Error>> {
    let size = picture.size();
    let file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(file, size.width.into(), size.height.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let swap = |bgrx: &[u8; 4]| [bgrx[2], bgrx[1], bgrx[0]];
    let rgb: Vec<u8> = picture
        .bytes()
        .as_chunks()
        .0
        .iter()
        .flat_map(swap)
        .collect();
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(())
}

//! The client's side of one SASL exchange: chooses a mechanism, asks for what it needs, checks that the server has proved
//! itself, and gives the layer that protects what follows.
//!
//! Knows no wire: whoever speaks one carries [`Opening`], [`Reply`] and the server's words. Cyrus works on a thread where
//! blocking is allowed, because Kerberos talks to its server and passwords are stretched on purpose.

use zeroize::Zeroizing;

use super::cyrus::{Context, Failure, Progress, c_string, installed};
use super::layer::Layer;
use super::mechanisms::{Mechanisms, is_kerberos};
use super::questions::Questions;
use super::{Policy, SaslError, Setup};
use crate::Credentials;

/// No mechanism needs as many turns.
const TURNS_MAX: u32 = 16;
/// The longest message, in bytes (libvirt's `REMOTE_AUTH_SASL_DATA_MAX`; QEMU's is 1 MiB, but its mechanisms are the same).
pub const MESSAGE_MAX: usize = 65_536;

/// Bytes for the server, which may hold a password. `None` is less than no bytes, and both wires tell it apart.
pub type Message = Option<Zeroizing<Vec<u8>>>;

/// How the client begins.
#[derive(Debug)]
pub struct Opening {
    /// The mechanism that was chosen, in upper case.
    pub mechanism: String,
    /// What goes with it.
    pub message: Message,
}

/// What to do with the server's words.
#[derive(Debug)]
pub enum Reply {
    /// Send this and hear what the server says.
    Send(Message),
    /// The exchange is over and the server has proved itself, as far as the mechanism can.
    Complete,
}

/// What came of an exchange.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The mechanism, in upper case.
    pub mechanism: String,
    /// The strength of the layer, in bits; 0 when there is none.
    pub ssf: u32,
    /// What everything after the exchange passes through, both ways.
    pub layer: Option<Layer>,
}

/// One exchange. After an error it is of no more use; begin another one, with [`Setup::previous_failure`].
pub struct Client {
    setup: Setup,
    questions: Questions,
    context: Option<Context>,
    mechanism: String,
    /// Our side is content; what is missing is the server's word.
    done: bool,
    turns: u32,
}

impl Client {
    /// Prepares an exchange. Nothing is sent or asked yet.
    pub fn new(setup: Setup) -> Self {
        Self {
            questions: Questions::new(&setup),
            setup,
            context: None,
            mechanism: String::new(),
            done: false,
            turns: 0,
        }
    }

    /// Chooses the best mechanism of the server's list, which may be separated by commas or spaces.
    ///
    /// A mechanism that lives from a Kerberos ticket and finds none is passed over if there is another one.
    ///
    /// # Cancel safety
    /// When dropped, the exchange is of no more use.
    pub async fn start(
        &mut self,
        offered: &str,
        credentials: &dyn Credentials,
    ) -> Result<Opening, SaslError> {
        let wanted = self.setup.mechanism.as_deref();
        let mechanisms = Mechanisms::offered(offered).restricted(wanted)?;
        let first = self.start_with(&mechanisms, credentials).await;
        let (Err(SaslError::KerberosTicket { .. }), Some(others)) =
            (&first, mechanisms.without_kerberos())
        else {
            return first;
        };
        match self.start_with(&others, credentials).await {
            // Then the ticket is the better advice.
            Err(SaslError::Mechanism { .. } | SaslError::TooWeak { .. }) => first,
            second => second,
        }
    }

    async fn start_with(
        &mut self,
        mechanisms: &Mechanisms,
        credentials: &dyn Credentials,
    ) -> Result<Opening, SaslError> {
        self.context = None;
        let setup = self.setup.clone();
        let made = blocking(move || new_context(&setup)).await?;
        self.context = Some(made?);
        let list = c_string(&mechanisms.to_list())?;
        loop {
            let list = list.clone();
            let (progress, mechanism) = self
                .with_context(move |context| context.start(&list))
                .await?
                .map_err(|failure| self.explain_start(failure, mechanisms))?;
            self.mechanism = mechanism;
            if let Some(message) = self.advance(progress, credentials).await? {
                return Ok(Opening {
                    mechanism: self.mechanism.clone(),
                    message,
                });
            }
        }
    }

    /// Takes the server's words; `complete` is whether the server is content.
    ///
    /// Our side is asked even then: only its last step tells whether the server knows the secret too. A server that says
    /// "complete" to cut that step short is refused.
    ///
    /// # Cancel safety
    /// When dropped, the exchange is of no more use.
    pub async fn answer(
        &mut self,
        challenge: Option<&[u8]>,
        complete: bool,
        credentials: &dyn Credentials,
    ) -> Result<Reply, SaslError> {
        self.turns += 1;
        let len = challenge.map_or(0, <[u8]>::len);
        if self.turns > TURNS_MAX || len > MESSAGE_MAX {
            return Err(SaslError::protocol("it goes on for too long"));
        }
        match (complete, self.done) {
            (true, true) if len == 0 => Ok(Reply::Complete),
            (true, true) => Err(SaslError::protocol("the server said more than it should")),
            (false, true) => Err(SaslError::protocol("the server asks where nothing is left")),
            (true, false) => self.last_step(challenge, credentials).await,
            (false, false) => {
                let message = self.step(challenge, credentials).await?;
                Ok(Reply::Send(message))
            }
        }
    }

    async fn last_step(
        &mut self,
        challenge: Option<&[u8]>,
        credentials: &dyn Credentials,
    ) -> Result<Reply, SaslError> {
        let step = self.step(challenge, credentials).await;
        let message = step.map_err(|error| match error {
            SaslError::Protocol { reason } => SaslError::Unproved { reason },
            other => other,
        })?;
        let nothing_left = message.is_none_or(|message| message.is_empty());
        if self.done && nothing_left {
            Ok(Reply::Complete)
        } else {
            Err(SaslError::unproved(
                "the exchange ended before its last step",
            ))
        }
    }

    async fn step(
        &mut self,
        challenge: Option<&[u8]>,
        credentials: &dyn Credentials,
    ) -> Result<Message, SaslError> {
        loop {
            let challenge = challenge.map(<[u8]>::to_vec);
            let progress = self
                .with_context(move |context| context.step(challenge.as_deref()))
                .await?
                .map_err(|failure| self.explain_step(failure))?;
            if let Some(message) = self.advance(progress, credentials).await? {
                return Ok(message);
            }
        }
    }

    /// Notes where the exchange stands. Gives `None` when questions were answered and the step is to be repeated.
    async fn advance(
        &mut self,
        progress: Progress,
        credentials: &dyn Credentials,
    ) -> Result<Option<Message>, SaslError> {
        let (done, message) = match progress {
            Progress::Continue(message) => (false, message),
            Progress::Done(message) => (true, message),
            Progress::Ask(prompts) => {
                let answers = self.questions.answer(&prompts, credentials).await?;
                if let Some(context) = &mut self.context {
                    context.answer(&answers);
                }
                return Ok(None);
            }
        };
        if message
            .as_ref()
            .is_some_and(|bytes| bytes.len() > MESSAGE_MAX)
        {
            return Err(SaslError::protocol("the answer would be too long"));
        }
        self.done = done;
        Ok(Some(message))
    }

    /// Ends a complete exchange: tells who answered the questions that the answers were right, and gives the layer.
    ///
    /// # Errors
    /// [`SaslError::TooWeak`] when the layer is weaker than the policy allows.
    pub fn finish(self, credentials: &dyn Credentials) -> Result<Outcome, SaslError> {
        let Some(context) = self.context.filter(|_| self.done) else {
            return Err(SaslError::unproved("the exchange is not over"));
        };
        let (ssf, min_ssf) = (context.ssf(), self.setup.policy.min_ssf());
        if ssf < min_ssf {
            let offered = vec![self.mechanism];
            return Err(SaslError::TooWeak { offered, min_ssf });
        }
        let layer = if ssf > 0 {
            Some(Layer::new(context)?)
        } else {
            None
        };
        self.questions.accepted(credentials);
        Ok(Outcome {
            mechanism: self.mechanism,
            ssf,
            layer,
        })
    }

    /// Gives how strong the exchange must be.
    pub fn policy(&self) -> Policy {
        self.setup.policy
    }

    /// Says whether somebody gave a name or password: then a refusal may be theirs, and asking again may help.
    pub fn has_asked(&self) -> bool {
        self.questions.asked()
    }

    async fn with_context<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Context) -> T + Send + 'static,
    ) -> Result<T, SaslError> {
        let Some(mut context) = self.context.take() else {
            return Err(SaslError::protocol("the exchange was given up before"));
        };
        let (result, context) = blocking(move || (work(&mut context), context)).await?;
        self.context = Some(context);
        Ok(result)
    }

    fn explain_start(&self, failure: Failure, mechanisms: &Mechanisms) -> SaslError {
        if failure.is_no_mechanism() {
            let min_ssf = self.setup.policy.min_ssf();
            return if min_ssf > 0 && mechanisms.any_of(&installed()) {
                mechanisms.too_weak(min_ssf)
            } else {
                mechanisms.none_fits(self.setup.mechanism.as_deref())
            };
        }
        if failure.text.contains("GSSAPI Error") {
            return kerberos(&failure);
        }
        self.questions.explain(failure)
    }

    fn explain_step(&self, failure: Failure) -> SaslError {
        if is_kerberos(&self.mechanism) {
            return kerberos(&failure);
        }
        // What the person said was looked at before; what fails now is what the server said.
        let reason = failure.text;
        SaslError::Protocol { reason }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Client")
            .field("setup", &self.setup)
            .field("mechanism", &self.mechanism)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

fn new_context(setup: &Setup) -> Result<Context, Failure> {
    let (service, host) = (c_string(&setup.service)?, c_string(&setup.host)?);
    let context = Context::new(&service, &host, setup.policy.properties())?;
    if let Some(external) = &setup.external {
        let identity = external.identity.as_deref().map(c_string).transpose()?;
        context.set_external(external.ssf, identity.as_deref())?;
    }
    Ok(context)
}

/// Leaves Kerberos' own words of `SASL(-1): generic failure: GSSAPI Error: Unspecified GSS failure.  Minor code may
/// provide more information (No Kerberos credentials available …)`.
fn kerberos(failure: &Failure) -> SaslError {
    let text = failure.text.as_str();
    let text = text
        .split_once("GSSAPI Error: ")
        .map_or(text, |(_, rest)| rest);
    let minor = text
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    let reason = minor.unwrap_or(text).to_owned();
    SaslError::KerberosTicket { reason }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SaslError> {
    let reason = |error: tokio::task::JoinError| error.to_string();
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| SaslError::Library {
            reason: reason(error),
        })
}

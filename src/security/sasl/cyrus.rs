//! Cyrus SASL's client (`libsasl2`, `sasl/sasl.h`) behind safe functions: the only unsafe code of this crate.
//!
//! Knows one context and nothing of questions, policies or wires. A [`Context`] may move between threads but is used by
//! one at a time; what Cyrus shares between contexts it guards with the locks that are given to it here.
//! Read next: `client.rs`, which drives it.
//!
//! [`Context::start`] may talk to a Kerberos server and takes as long as that does: call it where blocking is allowed.

#![allow(unsafe_code, reason = "the one door to the C library")]

use std::ffi::{CStr, CString, c_char, c_int, c_ulong, c_void};
use std::ptr::{self, NonNull};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

use sasl2_sys::sasl as sys;
use zeroize::Zeroizing;

use crate::Secret;

/// What Cyrus calls a failure, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// `SASL_FAIL` and its like.
    pub(super) code: c_int,
    /// What went wrong, for a person.
    pub(super) text: String,
}

impl Failure {
    /// No mechanism fits both the server's list and the properties.
    pub(super) fn is_no_mechanism(&self) -> bool {
        matches!(self.code, sys::SASL_NOMECH | sys::SASL_TOOWEAK)
    }
}

/// What a mechanism must offer (`sasl_security_properties_t`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Properties {
    /// The least and the greatest strength of the layer, in bits of the key; 1 is integrity alone.
    pub(super) ssf: (u32, u32),
    /// The largest packet of the layer that is accepted, in bytes.
    pub(super) buffer: u32,
    /// Refuses mechanisms that show the password, and those that need no name.
    pub(super) secret_and_named: bool,
}

/// One thing that a mechanism wants to know.
#[derive(Debug)]
pub(super) struct Prompt {
    pub(super) kind: PromptKind,
    /// Cyrus' words, in English.
    pub(super) text: String,
    /// What the server offers, if it does: for a realm, `{one, another}`.
    pub(super) challenge: String,
    /// What to take when nobody knows better.
    pub(super) default: Option<String>,
}

/// What a [`Prompt`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PromptKind {
    Name,
    Password,
    Realm,
    /// A code, or whatever the text says.
    Code,
}

/// Where an exchange stands after one step. The bytes are for the server; `None` is less than no bytes.
#[derive(Debug)]
pub(super) enum Progress {
    /// The server has to answer.
    Continue(Option<Zeroizing<Vec<u8>>>),
    /// This side is content.
    Done(Option<Zeroizing<Vec<u8>>>),
    /// Answer each of these with [`Context::answer`], in order, and repeat the step.
    Ask(Vec<Prompt>),
}

/// One exchange, and the layer that comes of it.
pub(super) struct Context {
    conn: NonNull<sys::sasl_conn_t>,
    /// Cyrus' list of what it wants to know; it frees the list at the next step.
    prompts: *mut sys::sasl_interact_t,
    /// What Cyrus was told, kept while it may look at it.
    answers: Vec<Zeroizing<Vec<u8>>>,
}

// SAFETY: a context has no ties to the thread that made it (Cyrus keeps nothing in thread-local storage), and the tables
// that it shares with others are guarded by the locks of `initialise`. `prompts` and `answers` belong to it alone.
unsafe impl Send for Context {}

impl Context {
    /// Prepares an exchange with `service` on `host`.
    pub(super) fn new(service: &CStr, host: &CStr, wanted: Properties) -> Result<Self, Failure> {
        initialise()?;
        let mut conn = ptr::null_mut();
        // SAFETY: the strings live through the call, which copies them; the callbacks are static.
        let code = unsafe {
            sys::sasl_client_new(
                service.as_ptr(),
                host.as_ptr(),
                ptr::null(),
                ptr::null(),
                CALLBACKS.0.as_ptr(),
                sys::SASL_SUCCESS_DATA,
                &raw mut conn,
            )
        };
        let conn = NonNull::new(conn).filter(|_| code == sys::SASL_OK);
        let conn = conn.ok_or_else(|| plain_failure(code))?;
        let prompts = ptr::null_mut();
        let answers = Vec::new();
        let context = Self {
            conn,
            prompts,
            answers,
        };
        context.set_properties(wanted)?;
        Ok(context)
    }

    fn set_properties(&self, wanted: Properties) -> Result<(), Failure> {
        let flags = if wanted.secret_and_named {
            sys::SASL_SEC_NOANONYMOUS | sys::SASL_SEC_NOPLAINTEXT
        } else {
            0
        };
        let (min_ssf, max_ssf) = wanted.ssf;
        let properties = sys::sasl_security_properties_t {
            min_ssf,
            max_ssf,
            maxbufsize: wanted.buffer,
            security_flags: flags,
            property_names: ptr::null_mut(),
            property_values: ptr::null_mut(),
        };
        // SAFETY: the property is a `sasl_security_properties_t`, which Cyrus copies.
        unsafe { self.set(sys::SASL_SEC_PROPS, (&raw const properties).cast()) }
    }

    /// Says what protects the link outside of SASL: the strength in bits, and who it says we are.
    pub(super) fn set_external(&self, ssf: u32, identity: Option<&CStr>) -> Result<(), Failure> {
        // SAFETY: the property is a `sasl_ssf_t`, which Cyrus copies.
        unsafe { self.set(sys::SASL_SSF_EXTERNAL, (&raw const ssf).cast()) }?;
        let Some(identity) = identity else {
            return Ok(());
        };
        // SAFETY: the property is a string, which Cyrus copies.
        unsafe { self.set(sys::SASL_AUTH_EXTERNAL, identity.as_ptr().cast()) }
    }

    /// # Safety
    /// `value` must point to what `property` is made of.
    unsafe fn set(&self, property: u32, value: *const c_void) -> Result<(), Failure> {
        // SAFETY: the connection lives as long as we do; the caller vouches for the value.
        let code = unsafe { sys::sasl_setprop(self.conn.as_ptr(), property as c_int, value) };
        self.checked(code)
    }

    /// Chooses among `mechanisms`, which are separated by spaces, and makes its first step. Gives the choice as well.
    pub(super) fn start(&mut self, mechanisms: &CStr) -> Result<(Progress, String), Failure> {
        let (mut out, mut len, mut chosen) = (ptr::null(), 0, ptr::null());
        // SAFETY: everything pointed to lives through the call; `prompts` is null or the list that Cyrus gave last.
        let code = unsafe {
            sys::sasl_client_start(
                self.conn.as_ptr(),
                mechanisms.as_ptr(),
                &raw mut self.prompts,
                &raw mut out,
                &raw mut len,
                &raw mut chosen,
            )
        };
        // SAFETY: what a successful step put there is valid until the next call.
        let progress = unsafe { self.progress(code, out, len) }?;
        Ok((progress, self.mechanism()))
    }

    /// Makes the next step, with what the server said.
    pub(super) fn step(&mut self, challenge: Option<&[u8]>) -> Result<Progress, Failure> {
        // Some mechanisms look at it as at a string.
        let owned: Option<Vec<u8>> = challenge.map(|bytes| [bytes, &[0]].concat());
        let input = owned.as_ref().map_or(ptr::null(), Vec::as_ptr);
        let input_len = challenge.map_or(0, <[u8]>::len) as u32;
        let (mut out, mut len) = (ptr::null(), 0);
        // SAFETY: as for `start`; the input is `input_len` bytes and a zero.
        let code = unsafe {
            sys::sasl_client_step(
                self.conn.as_ptr(),
                input.cast(),
                input_len,
                &raw mut self.prompts,
                &raw mut out,
                &raw mut len,
            )
        };
        // SAFETY: what a successful step put there is valid until the next call.
        unsafe { self.progress(code, out, len) }
    }

    /// # Safety
    /// When `code` is no failure, `out` must be null or point to `len` bytes.
    unsafe fn progress(
        &self,
        code: c_int,
        out: *const c_char,
        len: u32,
    ) -> Result<Progress, Failure> {
        // SAFETY: the caller vouches for it.
        let bytes = || unsafe { copied(out, len) }.map(Zeroizing::new);
        match code {
            sys::SASL_OK => Ok(Progress::Done(bytes())),
            sys::SASL_CONTINUE => Ok(Progress::Continue(bytes())),
            sys::SASL_INTERACT => Ok(Progress::Ask(self.prompts())),
            code => Err(self.failure(code)),
        }
    }

    fn prompts(&self) -> Vec<Prompt> {
        let mut found = Vec::new();
        let mut at = self.prompts;
        // SAFETY: Cyrus' list ends with an entry whose id is `SASL_CB_LIST_END`; its strings are null or end with zero.
        while let Some(prompt) = unsafe { at.as_ref() }.filter(|p| p.id != sys::SASL_CB_LIST_END) {
            let text = |pointer| unsafe { string(pointer) };
            found.push(Prompt {
                kind: kind(prompt.id),
                text: text(prompt.prompt).unwrap_or_default(),
                challenge: text(prompt.challenge).unwrap_or_default(),
                default: text(prompt.defresult),
            });
            // SAFETY: this was not the last entry.
            at = unsafe { at.add(1) };
        }
        found
    }

    /// Answers the prompts of the last step, in their order.
    pub(super) fn answer(&mut self, answers: &[Secret]) {
        let mut at = self.prompts;
        for secret in answers {
            // SAFETY: as in `prompts`; nobody else has a reference to the list.
            let Some(prompt) =
                unsafe { at.as_mut() }.filter(|prompt| prompt.id != sys::SASL_CB_LIST_END)
            else {
                return;
            };
            let text = secret.reveal().as_bytes();
            let mut answer = Zeroizing::new(Vec::with_capacity(text.len() + 1));
            answer.extend_from_slice(text);
            answer.push(0);
            prompt.len = text.len() as u32;
            // The bytes of a Vec stay where they are when the Vec is moved.
            prompt.result = answer.as_ptr().cast();
            self.answers.push(answer);
            // SAFETY: this was not the last entry.
            at = unsafe { at.add(1) };
        }
    }

    fn mechanism(&self) -> String {
        let name = self.property(sys::SASL_MECHNAME);
        // SAFETY: this property is a string.
        name.and_then(|name| unsafe { string(name.cast()) })
            .unwrap_or_default()
    }

    /// Gives the strength of the layer, in bits; 0 is none. Known when the exchange is done.
    pub(super) fn ssf(&self) -> u32 {
        self.number(sys::SASL_SSF)
    }

    /// Gives how many bytes may be encoded at once.
    pub(super) fn max_input(&self) -> usize {
        self.number(sys::SASL_MAXOUTBUF) as usize
    }

    fn number(&self, property: u32) -> u32 {
        // SAFETY: these properties are an `unsigned`, which the connection owns.
        self.property(property)
            .map_or(0, |value| unsafe { *value.cast::<u32>() })
    }

    fn property(&self, property: u32) -> Option<*const c_void> {
        let mut value = ptr::null();
        // SAFETY: the connection lives as long as we do.
        let code =
            unsafe { sys::sasl_getprop(self.conn.as_ptr(), property as c_int, &raw mut value) };
        (code == sys::SASL_OK && !value.is_null()).then_some(value)
    }

    /// Wraps at most [`Context::max_input`] bytes, and hands the packet with its length to `take`.
    pub(super) fn encode(&mut self, plain: &[u8], take: impl FnOnce(&[u8])) -> Result<(), Failure> {
        self.convert(sys::sasl_encode, plain, take)
    }

    /// Unwraps what came, which may be any part of any number of packets; what is not whole yet is kept.
    pub(super) fn decode(&mut self, raw: &[u8], take: impl FnOnce(&[u8])) -> Result<(), Failure> {
        self.convert(sys::sasl_decode, raw, take)
    }

    fn convert(
        &mut self,
        function: Convert,
        input: &[u8],
        take: impl FnOnce(&[u8]),
    ) -> Result<(), Failure> {
        let (mut out, mut len) = (ptr::null(), 0);
        // SAFETY: the input lives through the call, which does not keep it.
        let code = unsafe {
            function(
                self.conn.as_ptr(),
                input.as_ptr().cast(),
                input.len() as u32,
                &raw mut out,
                &raw mut len,
            )
        };
        self.checked(code)?;
        if !out.is_null() && len > 0 {
            // SAFETY: Cyrus put `len` bytes there, valid until the next call.
            take(unsafe { std::slice::from_raw_parts(out.cast(), len as usize) });
        }
        Ok(())
    }

    fn checked(&self, code: c_int) -> Result<(), Failure> {
        if code == sys::SASL_OK {
            Ok(())
        } else {
            Err(self.failure(code))
        }
    }

    fn failure(&self, code: c_int) -> Failure {
        // SAFETY: the text belongs to the connection and ends with zero.
        let text = unsafe { string(sys::sasl_errdetail(self.conn.as_ptr())) };
        let text = text.unwrap_or_else(|| plain_failure(code).text);
        Failure { code, text }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let mut conn = self.conn.as_ptr();
        // SAFETY: the connection is not used any more. An unanswered list of prompts stays allocated: only Cyrus' next
        // step frees it, and a few hundred bytes for a cancelled dialog are not worth such a step.
        unsafe { sys::sasl_dispose(&raw mut conn) };
    }
}

type Convert = unsafe extern "C" fn(
    *mut sys::sasl_conn_t,
    *const c_char,
    u32,
    *mut *const c_char,
    *mut u32,
) -> c_int;

/// The mechanisms that this computer has, in upper case.
pub(super) fn installed() -> Vec<String> {
    let mut names = Vec::new();
    if initialise().is_err() {
        return names;
    }
    // SAFETY: the list was made when the library was initialised, is never changed, and ends with null.
    unsafe {
        let mut at = sys::sasl_global_listmech();
        while !at.is_null() && !(*at).is_null() {
            names.extend(string(*at));
            at = at.add(1);
        }
    }
    names
}

fn plain_failure(code: c_int) -> Failure {
    // SAFETY: Cyrus' own texts are static.
    let text = unsafe { string(sys::sasl_errstring(code, ptr::null(), ptr::null_mut())) };
    let text = text.unwrap_or_else(|| format!("SASL error {code}"));
    Failure { code, text }
}

/// # Safety
/// `out` must be null or point to `len` bytes.
unsafe fn copied(out: *const c_char, len: u32) -> Option<Vec<u8>> {
    // SAFETY: the caller vouches for it.
    (!out.is_null())
        .then(|| unsafe { std::slice::from_raw_parts(out.cast(), len as usize) }.to_vec())
}

/// # Safety
/// `text` must be null or end with a zero.
unsafe fn string(text: *const c_char) -> Option<String> {
    // SAFETY: the caller vouches for it.
    (!text.is_null()).then(|| {
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned()
    })
}

fn kind(id: c_ulong) -> PromptKind {
    match id {
        sys::SASL_CB_AUTHNAME => PromptKind::Name,
        sys::SASL_CB_PASS => PromptKind::Password,
        sys::SASL_CB_GETREALM => PromptKind::Realm,
        _ => PromptKind::Code,
    }
}

/// What may be asked for: a name, a password, a realm, a code. Nothing is answered by a callback, so that everything
/// comes as a prompt. No `SASL_CB_USER`: acting for somebody else is not offered.
struct Callbacks([sys::sasl_callback_t; 7]);

// SAFETY: the table is never changed and its contexts are null.
unsafe impl Sync for Callbacks {}

static CALLBACKS: Callbacks = Callbacks([
    asked(sys::SASL_CB_AUTHNAME),
    asked(sys::SASL_CB_PASS),
    asked(sys::SASL_CB_GETREALM),
    asked(sys::SASL_CB_ECHOPROMPT),
    asked(sys::SASL_CB_NOECHOPROMPT),
    sys::sasl_callback_t {
        id: sys::SASL_CB_LOG,
        // SAFETY: Cyrus calls it with the arguments of `sasl_log_t`, as the id says.
        proc_: Some(unsafe {
            std::mem::transmute::<Log, unsafe extern "C" fn() -> c_int>(log as Log)
        }),
        context: ptr::null_mut(),
    },
    asked(sys::SASL_CB_LIST_END),
]);

const fn asked(id: c_ulong) -> sys::sasl_callback_t {
    sys::sasl_callback_t {
        id,
        proc_: None,
        context: ptr::null_mut(),
    }
}

type Log = unsafe extern "C" fn(*mut c_void, c_int, *const c_char) -> c_int;

/// Keeps Cyrus from writing to the system's log. What matters comes back as a [`Failure`].
unsafe extern "C" fn log(_context: *mut c_void, _level: c_int, _text: *const c_char) -> c_int {
    sys::SASL_OK
}

/// Initialises the library, once in a process. It is never taken down: other threads may be in it.
fn initialise() -> Result<(), Failure> {
    static DONE: OnceLock<Result<(), Failure>> = OnceLock::new();
    let done = DONE.get_or_init(|| {
        // SAFETY: no other call comes before these two; the callbacks are static.
        let code = unsafe {
            sys::sasl_set_mutex(
                Some(lock_alloc),
                Some(lock_take),
                Some(lock_release),
                Some(lock_free),
            );
            sys::sasl_client_init(CALLBACKS.0.as_ptr())
        };
        match code {
            sys::SASL_OK => Ok(()),
            code => Err(plain_failure(code)),
        }
    });
    done.clone()
}

/// A lock in C's manner: taken and released by calls. Cyrus' own does nothing at all.
#[derive(Default)]
struct Lock {
    taken: Mutex<bool>,
    released: Condvar,
}

unsafe extern "C" fn lock_alloc() -> *mut c_void {
    Box::into_raw(Box::<Lock>::default()).cast()
}

unsafe extern "C" fn lock_take(lock: *mut c_void) -> c_int {
    // SAFETY: Cyrus passes null or what `lock_alloc` made.
    if let Some(lock) = unsafe { lock.cast::<Lock>().as_ref() } {
        let taken = lock.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = lock.released.wait_while(taken, |taken| *taken);
        *taken.unwrap_or_else(PoisonError::into_inner) = true;
    }
    sys::SASL_OK
}

unsafe extern "C" fn lock_release(lock: *mut c_void) -> c_int {
    // SAFETY: Cyrus passes null or what `lock_alloc` made.
    if let Some(lock) = unsafe { lock.cast::<Lock>().as_ref() } {
        *lock.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        lock.released.notify_one();
    }
    sys::SASL_OK
}

unsafe extern "C" fn lock_free(lock: *mut c_void) {
    if !lock.is_null() {
        // SAFETY: `lock_alloc` made it, and Cyrus frees it once.
        drop(unsafe { Box::from_raw(lock.cast::<Lock>()) });
    }
}

/// Makes a C string of what a person or a file said.
pub(super) fn c_string(text: &str) -> Result<CString, Failure> {
    CString::new(text).map_err(|_| Failure {
        code: sys::SASL_BADPARAM,
        text: "a name contains a zero byte".to_owned(),
    })
}

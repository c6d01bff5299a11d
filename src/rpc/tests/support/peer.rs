//! A scripted daemon: for what a real one cannot be made to do. Each test says what it answers, byte by byte if need be.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::time::timeout;
use virt_rpc::procedure::types::Domain;
use virt_rpc::procedure::{Event, event};
use virt_rpc::wire::codec::{Decode, Encode};
use virt_rpc::wire::packet::{Deframer, Header, Kind, Packet, Program, Status, VERSION, build};
use virt_rpc::wire::xdr::{Decoder, Encoder};
use virt_rpc::{Connection, Events, Options, RemoteError};

/// A client that lets the script wait for longer is stuck.
const PATIENCE: Duration = Duration::from_mins(1);

/// The daemon's end of a connection.
pub(crate) struct Peer<S> {
    pub(crate) socket: S,
    deframer: Deframer,
}

/// Connects a client to a scripted daemon over memory.
pub(crate) fn pair(options: Options) -> (Connection, Events, Peer<DuplexStream>) {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let (conn, events) = Connection::from_stream(ours, options);
    (conn, events, Peer::new(theirs))
}

/// Gives a value's wire form.
pub(crate) fn wire(value: &impl Encode) -> Bytes {
    let mut encoder = Encoder::new();
    value.encode(&mut encoder).expect("within limits");
    encoder.finish()
}

/// Builds an answer to `call`.
pub(crate) fn answer(call: &Header, status: Status, payload: &[u8]) -> Bytes {
    let header = Header {
        kind: Kind::Reply,
        status,
        ..*call
    };
    build(&header, 0, payload).expect("within limits")
}

/// Builds a packet of the stream that `call` opened.
pub(crate) fn stream(call: &Header, status: Status, payload: &[u8]) -> Bytes {
    let header = Header {
        kind: Kind::Stream,
        status,
        ..*call
    };
    build(&header, 0, payload).expect("within limits")
}

/// Builds an event.
pub(crate) fn message(event: &Event) -> Bytes {
    let mut encoder = Encoder::new();
    let (program, procedure) = event.encode(&mut encoder).expect("within limits");
    let header = Header {
        program: program.number(),
        version: VERSION,
        procedure,
        kind: Kind::Message,
        serial: 0,
        status: Status::Ok,
    };
    build(&header, 0, &encoder.finish()).expect("within limits")
}

/// A PING or PONG.
pub(crate) fn keepalive(procedure: i32) -> Bytes {
    let header = Header {
        program: Program::Keepalive.number(),
        version: VERSION,
        procedure,
        kind: Kind::Message,
        serial: 0,
        status: Status::Ok,
    };
    build(&header, 0, &[]).expect("within limits")
}

/// A guest named `name`.
pub(crate) fn domain(name: &str) -> Domain {
    Domain {
        name: name.to_owned(),
        uuid: uuid::Uuid::from_u128(7),
        id: 3,
    }
}

/// The event that guest `number` was started.
pub(crate) fn started(number: i32) -> Event {
    Event::DomainLifecycle(event::DomainLifecycle {
        callback_id: 0,
        dom: domain("vm"),
        event: 2,
        detail: number,
    })
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    pub(crate) fn new(socket: S) -> Self {
        let deframer = Deframer::default();
        Self { socket, deframer }
    }

    /// Takes the client's next packet, or `None` when it has hung up.
    pub(crate) async fn next(&mut self) -> Option<Packet> {
        loop {
            let packet = self.deframer.next_packet().expect("the client is sane");
            if packet.is_some() {
                return packet;
            }
            let read = self.socket.read_buf(self.deframer.buffer());
            let read = timeout(PATIENCE, read).await.expect("the client speaks");
            if read.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    /// Takes the client's next packet, which must be a call of `procedure`.
    pub(crate) async fn expect(&mut self, procedure: i32) -> Header {
        let header = self.next().await.expect("a call comes").header;
        assert_eq!((header.procedure, header.kind), (procedure, Kind::Call));
        header
    }

    /// Takes the client's next packet, which must be a call with arguments of this type.
    pub(crate) async fn expect_args<T: Decode>(&mut self) -> (Header, T) {
        let packet = self.next().await.expect("a call comes");
        let mut decoder = Decoder::new(packet.payload);
        let args = T::decode(&mut decoder).expect("the arguments are whole");
        assert_eq!(decoder.remaining(), 0);
        (packet.header, args)
    }

    /// Sends bytes as they are. A client that has hung up is no mistake of the script.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let sent = timeout(PATIENCE, self.socket.write_all(bytes)).await;
        let _ = sent.expect("the client listens");
    }

    /// Answers with a result.
    pub(crate) async fn reply(&mut self, call: &Header, ret: &impl Encode) {
        self.send(&answer(call, Status::Ok, &wire(ret))).await;
    }

    /// Answers with an error.
    pub(crate) async fn refuse(&mut self, call: &Header, error: &RemoteError) {
        self.send(&answer(call, Status::Error, &wire(error))).await;
    }
}

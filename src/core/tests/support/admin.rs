//! Another client of the same daemon, which does things behind the host's back.

use std::path::Path;

use tokio::net::UnixStream;
use virt_rpc::{Authentication, Connection, Options, Procedure, procedure, procedure::types};

/// A connection of its own to a daemon.
pub(crate) struct Admin {
    pub(crate) connection: Connection,
}

impl Admin {
    pub(crate) async fn connect(socket: &Path, uri: &str) -> Self {
        let socket = UnixStream::connect(socket).await.expect("a daemon");
        let (connection, _) = Connection::from_unix(socket, Options::default());
        let how = Authentication::default();
        connection
            .authenticate(how)
            .await
            .expect("no authentication");
        let name = Some(uri.to_owned());
        let open = procedure::ConnectOpen { name, flags: 0 };
        connection.call(open).await.expect("a driver");
        Self { connection }
    }

    pub(crate) async fn call<P: Procedure>(&self, call: P) -> P::Ret {
        self.connection.call(call).await.expect(P::NAME)
    }

    pub(crate) async fn define(&self, xml: String) -> types::Domain {
        self.call(procedure::DomainDefineXml { xml }).await.dom
    }

    pub(crate) async fn start(&self, dom: &types::Domain) {
        self.call(procedure::DomainCreate { dom: dom.clone() })
            .await;
    }

    pub(crate) async fn destroy(&self, dom: &types::Domain) {
        self.call(procedure::DomainDestroy { dom: dom.clone() })
            .await;
    }

    pub(crate) async fn undefine(&self, dom: &types::Domain) {
        self.call(procedure::DomainUndefine { dom: dom.clone() })
            .await;
    }
}

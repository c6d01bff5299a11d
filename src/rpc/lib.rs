//! libvirt's remote protocol: XDR, procedures, connection, events and streams.

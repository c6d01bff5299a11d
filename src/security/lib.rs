//! What libvirt connections and VNC consoles share: credentials, TLS and SASL.

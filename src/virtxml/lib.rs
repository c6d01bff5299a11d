//! Lossless XML of libvirt with typed views.

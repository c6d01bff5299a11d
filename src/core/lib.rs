//! Hosts, their inventory, consoles and jobs: Innkeeper without its windows.

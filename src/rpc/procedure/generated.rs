// GENERATED from spec/libvirt.spec by `cargo run -p virt-rpc --example generate`. Change the spec, not this file.
//! libvirt's structures, calls and events as Rust types.

use bytes::Bytes;
use uuid::Uuid;

use crate::wire::codec::*;
use crate::wire::typed_param::TypedParam;

pub use types::*;

/// The structures that several calls share.
pub mod types {
    use super::*;

    record! {
        /// libvirt's `Domain`.
        Domain {
            name: String,
            uuid: Uuid,
            id: i32,
        }
    }

    record! {
        /// libvirt's `VcpuInfo`.
        VcpuInfo {
            number: u32,
            state: i32,
            cpu_time: u64,
            cpu: i32,
        }
    }

    record! {
        /// libvirt's `Network`.
        Network {
            name: String,
            uuid: Uuid,
        }
    }

    record! {
        /// libvirt's `StoragePool`.
        StoragePool {
            name: String,
            uuid: Uuid,
        }
    }

    record! {
        /// libvirt's `StorageVol`.
        StorageVol {
            pool: String,
            name: String,
            key: String,
        }
    }

    record! {
        /// libvirt's `NodeDevice`.
        NodeDevice {
            name: String,
        }
    }

    record! {
        /// libvirt's `Interface`.
        Interface {
            name: String,
            mac: String,
        }
    }

    record! {
        /// libvirt's `Secret`.
        Secret {
            uuid: Uuid,
            usage_type: i32,
            usage_id: String,
        }
    }

    record! {
        /// libvirt's `DomainMemoryStat`.
        DomainMemoryStat {
            tag: i32,
            val: u64,
        }
    }

    record! {
        /// libvirt's `Nwfilter`.
        Nwfilter {
            name: String,
            uuid: Uuid,
        }
    }

    record! {
        /// libvirt's `DomainSnapshot`.
        DomainSnapshot {
            name: String,
            dom: Domain,
        }
    }

    record! {
        /// libvirt's `NodeCpuStat`.
        NodeCpuStat {
            field: String,
            value: u64,
        }
    }

    record! {
        /// libvirt's `NodeMemoryStat`.
        NodeMemoryStat {
            field: String,
            value: u64,
        }
    }

    record! {
        /// libvirt's `DomainDiskError`.
        DomainDiskError {
            disk: String,
            error: i32,
        }
    }

    record! {
        /// libvirt's `NetworkDhcpLease`.
        NetworkDhcpLease {
            iface: String,
            expirytime: i64,
            kind: i32,
            mac: Option<String>,
            iaid: Option<String>,
            ipaddr: String,
            prefix: u32,
            hostname: Option<String>,
            clientid: Option<String>,
        }
    }

    record! {
        /// libvirt's `DomainStatsRecord`.
        DomainStatsRecord {
            dom: Domain,
            params: Vec<TypedParam> as List<262_144>,
        }
    }

    record! {
        /// libvirt's `DomainFsinfo`.
        DomainFsinfo {
            mountpoint: String,
            name: String,
            fstype: String,
            dev_aliases: Vec<String> as List<256>,
        }
    }

    record! {
        /// libvirt's `DomainIothreadInfo`.
        DomainIothreadInfo {
            iothread_id: u32,
            cpumap: Bytes as Opaque<2048>,
        }
    }

    record! {
        /// libvirt's `DomainIpAddr`.
        DomainIpAddr {
            kind: i32,
            addr: String,
            prefix: u32,
        }
    }

    record! {
        /// libvirt's `DomainInterface`.
        DomainInterface {
            name: String,
            hwaddr: Option<String>,
            addrs: Vec<DomainIpAddr> as List<2048>,
        }
    }

    record! {
        /// libvirt's `NwfilterBinding`.
        NwfilterBinding {
            portdev: String,
            filtername: String,
        }
    }

    record! {
        /// libvirt's `NetworkPort`.
        NetworkPort {
            net: Network,
            uuid: Uuid,
        }
    }

    record! {
        /// libvirt's `DomainCheckpoint`.
        DomainCheckpoint {
            name: String,
            dom: Domain,
        }
    }

    record! {
        /// libvirt's `DomainEventGraphicsAddress`.
        DomainEventGraphicsAddress {
            family: i32,
            node: String,
            service: String,
        }
    }

    record! {
        /// libvirt's `DomainEventGraphicsIdentity`.
        DomainEventGraphicsIdentity {
            kind: String,
            name: String,
        }
    }
}

procedure! {
    /// Call 1 of the Remote program.
    ConnectOpen = Remote 1, Quick, Act, None;
    {
        name: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 2 of the Remote program.
    ConnectClose = Remote 2, Quick, Act, None;
    {} -> ()
}

procedure! {
    /// Call 3 of the Remote program.
    ConnectGetType = Remote 3, Quick, Read, None;
    {} -> ret::ConnectGetType
}

procedure! {
    /// Call 4 of the Remote program.
    ConnectGetVersion = Remote 4, Quick, Read, None;
    {} -> ret::ConnectGetVersion
}

procedure! {
    /// Call 5 of the Remote program.
    ConnectGetMaxVcpus = Remote 5, Quick, Read, None;
    {
        kind: Option<String>,
    } -> ret::ConnectGetMaxVcpus
}

procedure! {
    /// Call 6 of the Remote program.
    NodeGetInfo = Remote 6, Quick, Read, None;
    {} -> ret::NodeGetInfo
}

procedure! {
    /// Call 7 of the Remote program.
    ConnectGetCapabilities = Remote 7, Quick, Read, None;
    {} -> ret::ConnectGetCapabilities
}

procedure! {
    /// Call 8 of the Remote program.
    DomainAttachDevice = Remote 8, Slow, Act, None;
    {
        dom: Domain,
        xml: String as Strict,
    } -> ()
}

procedure! {
    /// Call 9 of the Remote program.
    DomainCreate = Remote 9, Slow, Act, None;
    {
        dom: Domain,
    } -> ()
}

procedure! {
    /// Call 10 of the Remote program.
    DomainCreateXml = Remote 10, Slow, Act, None;
    {
        xml_desc: String as Strict,
        flags: u32,
    } -> ret::DomainCreateXml
}

procedure! {
    /// Call 11 of the Remote program.
    DomainDefineXml = Remote 11, Quick, Act, None;
    {
        xml: String as Strict,
    } -> ret::DomainDefineXml
}

procedure! {
    /// Call 12 of the Remote program.
    DomainDestroy = Remote 12, Quick, Act, None;
    {
        dom: Domain,
    } -> ()
}

procedure! {
    /// Call 13 of the Remote program.
    DomainDetachDevice = Remote 13, Slow, Act, None;
    {
        dom: Domain,
        xml: String as Strict,
    } -> ()
}

procedure! {
    /// Call 14 of the Remote program.
    DomainGetXmlDesc = Remote 14, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetXmlDesc
}

procedure! {
    /// Call 15 of the Remote program.
    DomainGetAutostart = Remote 15, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainGetAutostart
}

procedure! {
    /// Call 16 of the Remote program.
    DomainGetInfo = Remote 16, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainGetInfo
}

procedure! {
    /// Call 19 of the Remote program.
    DomainGetOsType = Remote 19, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainGetOsType
}

procedure! {
    /// Call 20 of the Remote program.
    DomainGetVcpus = Remote 20, Quick, Read, None;
    {
        dom: Domain,
        maxinfo: i32,
        maplen: i32,
    } -> ret::DomainGetVcpus
}

procedure! {
    /// Call 22 of the Remote program.
    DomainLookupById = Remote 22, Quick, Read, None;
    {
        id: i32,
    } -> ret::DomainLookupById
}

procedure! {
    /// Call 23 of the Remote program.
    DomainLookupByName = Remote 23, Quick, Read, None;
    {
        name: String,
    } -> ret::DomainLookupByName
}

procedure! {
    /// Call 24 of the Remote program.
    DomainLookupByUuid = Remote 24, Quick, Read, None;
    {
        uuid: Uuid,
    } -> ret::DomainLookupByUuid
}

procedure! {
    /// Call 27 of the Remote program.
    DomainReboot = Remote 27, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 28 of the Remote program.
    DomainResume = Remote 28, Slow, Act, None;
    {
        dom: Domain,
    } -> ()
}

procedure! {
    /// Call 29 of the Remote program.
    DomainSetAutostart = Remote 29, Quick, Act, None;
    {
        dom: Domain,
        autostart: i32,
    } -> ()
}

procedure! {
    /// Call 30 of the Remote program.
    DomainSetMaxMemory = Remote 30, Quick, Act, None;
    {
        dom: Domain,
        memory: u64,
    } -> ()
}

procedure! {
    /// Call 31 of the Remote program.
    DomainSetMemory = Remote 31, Slow, Act, None;
    {
        dom: Domain,
        memory: u64,
    } -> ()
}

procedure! {
    /// Call 33 of the Remote program.
    DomainShutdown = Remote 33, Slow, Act, None;
    {
        dom: Domain,
    } -> ()
}

procedure! {
    /// Call 34 of the Remote program.
    DomainSuspend = Remote 34, Slow, Act, None;
    {
        dom: Domain,
    } -> ()
}

procedure! {
    /// Call 35 of the Remote program.
    DomainUndefine = Remote 35, Quick, Act, None;
    {
        dom: Domain,
    } -> ()
}

procedure! {
    /// Call 39 of the Remote program.
    NetworkCreate = Remote 39, Slow, Act, None;
    {
        net: Network,
    } -> ()
}

procedure! {
    /// Call 40 of the Remote program.
    NetworkCreateXml = Remote 40, Slow, Act, None;
    {
        xml: String as Strict,
    } -> ret::NetworkCreateXml
}

procedure! {
    /// Call 41 of the Remote program.
    NetworkDefineXml = Remote 41, Quick, Act, None;
    {
        xml: String as Strict,
    } -> ret::NetworkDefineXml
}

procedure! {
    /// Call 42 of the Remote program.
    NetworkDestroy = Remote 42, Quick, Act, None;
    {
        net: Network,
    } -> ()
}

procedure! {
    /// Call 43 of the Remote program.
    NetworkGetXmlDesc = Remote 43, Quick, Read, None;
    {
        net: Network,
        flags: u32,
    } -> ret::NetworkGetXmlDesc
}

procedure! {
    /// Call 44 of the Remote program.
    NetworkGetAutostart = Remote 44, Quick, Read, None;
    {
        net: Network,
    } -> ret::NetworkGetAutostart
}

procedure! {
    /// Call 45 of the Remote program.
    NetworkGetBridgeName = Remote 45, Quick, Read, None;
    {
        net: Network,
    } -> ret::NetworkGetBridgeName
}

procedure! {
    /// Call 46 of the Remote program.
    NetworkLookupByName = Remote 46, Quick, Read, None;
    {
        name: String,
    } -> ret::NetworkLookupByName
}

procedure! {
    /// Call 47 of the Remote program.
    NetworkLookupByUuid = Remote 47, Quick, Read, None;
    {
        uuid: Uuid,
    } -> ret::NetworkLookupByUuid
}

procedure! {
    /// Call 48 of the Remote program.
    NetworkSetAutostart = Remote 48, Quick, Act, None;
    {
        net: Network,
        autostart: i32,
    } -> ()
}

procedure! {
    /// Call 49 of the Remote program.
    NetworkUndefine = Remote 49, Quick, Act, None;
    {
        net: Network,
    } -> ()
}

procedure! {
    /// Call 53 of the Remote program.
    DomainCoreDump = Remote 53, Slow, Act, None;
    {
        dom: Domain,
        to: String,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 54 of the Remote program.
    DomainRestore = Remote 54, Slow, Act, None;
    {
        from: String,
    } -> ()
}

procedure! {
    /// Call 55 of the Remote program.
    DomainSave = Remote 55, Slow, Act, None;
    {
        dom: Domain,
        to: String,
    } -> ()
}

procedure! {
    /// Call 59 of the Remote program.
    ConnectGetHostname = Remote 59, Quick, Read, None;
    {} -> ret::ConnectGetHostname
}

procedure! {
    /// Call 60 of the Remote program.
    ConnectSupportsFeature = Remote 60, Quick, Read, None;
    {
        feature: i32,
    } -> ret::ConnectSupportsFeature
}

procedure! {
    /// Call 64 of the Remote program.
    DomainBlockStats = Remote 64, Slow, Read, None;
    {
        dom: Domain,
        path: String,
    } -> ret::DomainBlockStats
}

procedure! {
    /// Call 65 of the Remote program.
    DomainInterfaceStats = Remote 65, Quick, Read, None;
    {
        dom: Domain,
        device: String,
    } -> ret::DomainInterfaceStats
}

procedure! {
    /// Call 66 of the Remote program.
    AuthList = Remote 66, Quick, Read, None;
    {} -> ret::AuthList
}

procedure! {
    /// Call 67 of the Remote program.
    AuthSaslInit = Remote 67, Quick, Act, None;
    {} -> ret::AuthSaslInit
}

procedure! {
    /// Call 68 of the Remote program.
    AuthSaslStart = Remote 68, Quick, Act, None;
    {
        mech: String,
        nil: i32,
        data: Vec<u8> as Chars<65_536>,
    } -> ret::AuthSaslStart
}

procedure! {
    /// Call 69 of the Remote program.
    AuthSaslStep = Remote 69, Quick, Act, None;
    {
        nil: i32,
        data: Vec<u8> as Chars<65_536>,
    } -> ret::AuthSaslStep
}

procedure! {
    /// Call 70 of the Remote program.
    AuthPolkit = Remote 70, Quick, Act, None;
    {} -> ret::AuthPolkit
}

procedure! {
    /// Call 75 of the Remote program.
    ConnectFindStoragePoolSources = Remote 75, Slow, Act, None;
    {
        kind: String,
        src_spec: Option<String>,
        flags: u32,
    } -> ret::ConnectFindStoragePoolSources
}

procedure! {
    /// Call 76 of the Remote program.
    StoragePoolCreateXml = Remote 76, Slow, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::StoragePoolCreateXml
}

procedure! {
    /// Call 77 of the Remote program.
    StoragePoolDefineXml = Remote 77, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::StoragePoolDefineXml
}

procedure! {
    /// Call 78 of the Remote program.
    StoragePoolCreate = Remote 78, Slow, Act, None;
    {
        pool: StoragePool,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 79 of the Remote program.
    StoragePoolBuild = Remote 79, Slow, Act, None;
    {
        pool: StoragePool,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 80 of the Remote program.
    StoragePoolDestroy = Remote 80, Quick, Act, None;
    {
        pool: StoragePool,
    } -> ()
}

procedure! {
    /// Call 81 of the Remote program.
    StoragePoolDelete = Remote 81, Slow, Act, None;
    {
        pool: StoragePool,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 82 of the Remote program.
    StoragePoolUndefine = Remote 82, Quick, Act, None;
    {
        pool: StoragePool,
    } -> ()
}

procedure! {
    /// Call 83 of the Remote program.
    StoragePoolRefresh = Remote 83, Slow, Act, None;
    {
        pool: StoragePool,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 84 of the Remote program.
    StoragePoolLookupByName = Remote 84, Quick, Read, None;
    {
        name: String,
    } -> ret::StoragePoolLookupByName
}

procedure! {
    /// Call 85 of the Remote program.
    StoragePoolLookupByUuid = Remote 85, Quick, Read, None;
    {
        uuid: Uuid,
    } -> ret::StoragePoolLookupByUuid
}

procedure! {
    /// Call 86 of the Remote program.
    StoragePoolLookupByVolume = Remote 86, Quick, Read, None;
    {
        vol: StorageVol,
    } -> ret::StoragePoolLookupByVolume
}

procedure! {
    /// Call 87 of the Remote program.
    StoragePoolGetInfo = Remote 87, Quick, Read, None;
    {
        pool: StoragePool,
    } -> ret::StoragePoolGetInfo
}

procedure! {
    /// Call 88 of the Remote program.
    StoragePoolGetXmlDesc = Remote 88, Quick, Read, None;
    {
        pool: StoragePool,
        flags: u32,
    } -> ret::StoragePoolGetXmlDesc
}

procedure! {
    /// Call 89 of the Remote program.
    StoragePoolGetAutostart = Remote 89, Quick, Read, None;
    {
        pool: StoragePool,
    } -> ret::StoragePoolGetAutostart
}

procedure! {
    /// Call 90 of the Remote program.
    StoragePoolSetAutostart = Remote 90, Quick, Act, None;
    {
        pool: StoragePool,
        autostart: i32,
    } -> ()
}

procedure! {
    /// Call 93 of the Remote program.
    StorageVolCreateXml = Remote 93, Slow, Act, None;
    {
        pool: StoragePool,
        xml: String as Strict,
        flags: u32,
    } -> ret::StorageVolCreateXml
}

procedure! {
    /// Call 94 of the Remote program.
    StorageVolDelete = Remote 94, Slow, Act, None;
    {
        vol: StorageVol,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 95 of the Remote program.
    StorageVolLookupByName = Remote 95, Quick, Read, None;
    {
        pool: StoragePool,
        name: String,
    } -> ret::StorageVolLookupByName
}

procedure! {
    /// Call 96 of the Remote program.
    StorageVolLookupByKey = Remote 96, Quick, Read, None;
    {
        key: String,
    } -> ret::StorageVolLookupByKey
}

procedure! {
    /// Call 97 of the Remote program.
    StorageVolLookupByPath = Remote 97, Quick, Read, None;
    {
        path: String,
    } -> ret::StorageVolLookupByPath
}

procedure! {
    /// Call 98 of the Remote program.
    StorageVolGetInfo = Remote 98, Quick, Read, None;
    {
        vol: StorageVol,
    } -> ret::StorageVolGetInfo
}

procedure! {
    /// Call 99 of the Remote program.
    StorageVolGetXmlDesc = Remote 99, Quick, Read, None;
    {
        vol: StorageVol,
        flags: u32,
    } -> ret::StorageVolGetXmlDesc
}

procedure! {
    /// Call 100 of the Remote program.
    StorageVolGetPath = Remote 100, Quick, Read, None;
    {
        vol: StorageVol,
    } -> ret::StorageVolGetPath
}

procedure! {
    /// Call 101 of the Remote program.
    NodeGetCellsFreeMemory = Remote 101, Quick, Read, None;
    {
        start_cell: i32,
        maxcells: i32,
    } -> ret::NodeGetCellsFreeMemory
}

procedure! {
    /// Call 102 of the Remote program.
    NodeGetFreeMemory = Remote 102, Quick, Read, None;
    {} -> ret::NodeGetFreeMemory
}

procedure! {
    /// Call 103 of the Remote program.
    DomainBlockPeek = Remote 103, Slow, Read, None;
    {
        dom: Domain,
        path: String,
        offset: u64,
        size: u32,
        flags: u32,
    } -> ret::DomainBlockPeek
}

procedure! {
    /// Call 104 of the Remote program.
    DomainMemoryPeek = Remote 104, Slow, Read, None;
    {
        dom: Domain,
        offset: u64,
        size: u32,
        flags: u32,
    } -> ret::DomainMemoryPeek
}

procedure! {
    /// Call 110 of the Remote program.
    ConnectGetUri = Remote 110, Quick, Read, None;
    {} -> ret::ConnectGetUri
}

procedure! {
    /// Call 113 of the Remote program.
    NodeDeviceLookupByName = Remote 113, Quick, Read, None;
    {
        name: String,
    } -> ret::NodeDeviceLookupByName
}

procedure! {
    /// Call 114 of the Remote program.
    NodeDeviceGetXmlDesc = Remote 114, Quick, Read, None;
    {
        name: String,
        flags: u32,
    } -> ret::NodeDeviceGetXmlDesc
}

procedure! {
    /// Call 115 of the Remote program.
    NodeDeviceGetParent = Remote 115, Quick, Read, None;
    {
        name: String,
    } -> ret::NodeDeviceGetParent
}

procedure! {
    /// Call 117 of the Remote program.
    NodeDeviceListCaps = Remote 117, Quick, Read, None;
    {
        name: String,
        maxnames: i32,
    } -> ret::NodeDeviceListCaps
}

procedure! {
    /// Call 118 of the Remote program.
    NodeDeviceDettach = Remote 118, Slow, Act, None;
    {
        name: String,
    } -> ()
}

procedure! {
    /// Call 119 of the Remote program.
    NodeDeviceReAttach = Remote 119, Slow, Act, None;
    {
        name: String,
    } -> ()
}

procedure! {
    /// Call 120 of the Remote program.
    NodeDeviceReset = Remote 120, Slow, Act, None;
    {
        name: String,
    } -> ()
}

procedure! {
    /// Call 122 of the Remote program.
    NodeGetSecurityModel = Remote 122, Quick, Read, None;
    {} -> ret::NodeGetSecurityModel
}

procedure! {
    /// Call 123 of the Remote program.
    NodeDeviceCreateXml = Remote 123, Slow, Act, None;
    {
        xml_desc: String as Strict,
        flags: u32,
    } -> ret::NodeDeviceCreateXml
}

procedure! {
    /// Call 124 of the Remote program.
    NodeDeviceDestroy = Remote 124, Quick, Act, None;
    {
        name: String,
    } -> ()
}

procedure! {
    /// Call 125 of the Remote program.
    StorageVolCreateXmlFrom = Remote 125, Slow, Act, None;
    {
        pool: StoragePool,
        xml: String as Strict,
        clonevol: StorageVol,
        flags: u32,
    } -> ret::StorageVolCreateXmlFrom
}

procedure! {
    /// Call 128 of the Remote program.
    InterfaceLookupByName = Remote 128, Quick, Read, None;
    {
        name: String,
    } -> ret::InterfaceLookupByName
}

procedure! {
    /// Call 129 of the Remote program.
    InterfaceLookupByMacString = Remote 129, Quick, Read, None;
    {
        mac: String,
    } -> ret::InterfaceLookupByMacString
}

procedure! {
    /// Call 130 of the Remote program.
    InterfaceGetXmlDesc = Remote 130, Quick, Read, None;
    {
        iface: Interface,
        flags: u32,
    } -> ret::InterfaceGetXmlDesc
}

procedure! {
    /// Call 131 of the Remote program.
    InterfaceDefineXml = Remote 131, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::InterfaceDefineXml
}

procedure! {
    /// Call 132 of the Remote program.
    InterfaceUndefine = Remote 132, Quick, Act, None;
    {
        iface: Interface,
    } -> ()
}

procedure! {
    /// Call 133 of the Remote program.
    InterfaceCreate = Remote 133, Slow, Act, None;
    {
        iface: Interface,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 134 of the Remote program.
    InterfaceDestroy = Remote 134, Quick, Act, None;
    {
        iface: Interface,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 135 of the Remote program.
    ConnectDomainXmlFromNative = Remote 135, Quick, Read, None;
    {
        native_format: String,
        native_config: String,
        flags: u32,
    } -> ret::ConnectDomainXmlFromNative
}

procedure! {
    /// Call 136 of the Remote program.
    ConnectDomainXmlToNative = Remote 136, Quick, Read, None;
    {
        native_format: String,
        domain_xml: String as Strict,
        flags: u32,
    } -> ret::ConnectDomainXmlToNative
}

procedure! {
    /// Call 141 of the Remote program.
    SecretLookupByUuid = Remote 141, Quick, Read, None;
    {
        uuid: Uuid,
    } -> ret::SecretLookupByUuid
}

procedure! {
    /// Call 142 of the Remote program.
    SecretDefineXml = Remote 142, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::SecretDefineXml
}

procedure! {
    /// Call 143 of the Remote program.
    SecretGetXmlDesc = Remote 143, Quick, Read, None;
    {
        secret: Secret,
        flags: u32,
    } -> ret::SecretGetXmlDesc
}

procedure! {
    /// Call 144 of the Remote program.
    SecretSetValue = Remote 144, Quick, Act, None;
    {
        secret: Secret,
        value: Bytes as Opaque<65_536>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 145 of the Remote program.
    SecretGetValue = Remote 145, Quick, Read, None;
    {
        secret: Secret,
        flags: u32,
    } -> ret::SecretGetValue
}

procedure! {
    /// Call 146 of the Remote program.
    SecretUndefine = Remote 146, Quick, Act, None;
    {
        secret: Secret,
    } -> ()
}

procedure! {
    /// Call 147 of the Remote program.
    SecretLookupByUsage = Remote 147, Quick, Read, None;
    {
        usage_type: i32,
        usage_id: String,
    } -> ret::SecretLookupByUsage
}

procedure! {
    /// Call 149 of the Remote program.
    ConnectIsSecure = Remote 149, Quick, Read, None;
    {} -> ret::ConnectIsSecure
}

procedure! {
    /// Call 150 of the Remote program.
    DomainIsActive = Remote 150, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainIsActive
}

procedure! {
    /// Call 151 of the Remote program.
    DomainIsPersistent = Remote 151, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainIsPersistent
}

procedure! {
    /// Call 152 of the Remote program.
    NetworkIsActive = Remote 152, Quick, Read, None;
    {
        net: Network,
    } -> ret::NetworkIsActive
}

procedure! {
    /// Call 153 of the Remote program.
    NetworkIsPersistent = Remote 153, Quick, Read, None;
    {
        net: Network,
    } -> ret::NetworkIsPersistent
}

procedure! {
    /// Call 154 of the Remote program.
    StoragePoolIsActive = Remote 154, Quick, Read, None;
    {
        pool: StoragePool,
    } -> ret::StoragePoolIsActive
}

procedure! {
    /// Call 155 of the Remote program.
    StoragePoolIsPersistent = Remote 155, Quick, Read, None;
    {
        pool: StoragePool,
    } -> ret::StoragePoolIsPersistent
}

procedure! {
    /// Call 156 of the Remote program.
    InterfaceIsActive = Remote 156, Quick, Read, None;
    {
        iface: Interface,
    } -> ret::InterfaceIsActive
}

procedure! {
    /// Call 157 of the Remote program.
    ConnectGetLibVersion = Remote 157, Quick, Read, None;
    {} -> ret::ConnectGetLibVersion
}

procedure! {
    /// Call 158 of the Remote program.
    ConnectCompareCpu = Remote 158, Quick, Read, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::ConnectCompareCpu
}

procedure! {
    /// Call 159 of the Remote program.
    DomainMemoryStats = Remote 159, Slow, Read, None;
    {
        dom: Domain,
        max_stats: u32,
        flags: u32,
    } -> ret::DomainMemoryStats
}

procedure! {
    /// Call 160 of the Remote program.
    DomainAttachDeviceFlags = Remote 160, Slow, Act, None;
    {
        dom: Domain,
        xml: String as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 161 of the Remote program.
    DomainDetachDeviceFlags = Remote 161, Slow, Act, None;
    {
        dom: Domain,
        xml: String as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 162 of the Remote program.
    ConnectBaselineCpu = Remote 162, Quick, Read, None;
    {
        xml_cpus: Vec<String> as List<256>,
        flags: u32,
    } -> ret::ConnectBaselineCpu
}

procedure! {
    /// Call 163 of the Remote program.
    DomainGetJobInfo = Remote 163, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainGetJobInfo
}

procedure! {
    /// Call 164 of the Remote program.
    DomainAbortJob = Remote 164, Quick, Act, None;
    {
        dom: Domain,
    } -> ()
}

procedure! {
    /// Call 165 of the Remote program.
    StorageVolWipe = Remote 165, Slow, Act, None;
    {
        vol: StorageVol,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 166 of the Remote program.
    DomainMigrateSetMaxDowntime = Remote 166, Slow, Act, None;
    {
        dom: Domain,
        downtime: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 174 of the Remote program.
    DomainUpdateDeviceFlags = Remote 174, Slow, Act, None;
    {
        dom: Domain,
        xml: String as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 175 of the Remote program.
    NwfilterLookupByName = Remote 175, Quick, Read, None;
    {
        name: String,
    } -> ret::NwfilterLookupByName
}

procedure! {
    /// Call 176 of the Remote program.
    NwfilterLookupByUuid = Remote 176, Quick, Read, None;
    {
        uuid: Uuid,
    } -> ret::NwfilterLookupByUuid
}

procedure! {
    /// Call 177 of the Remote program.
    NwfilterGetXmlDesc = Remote 177, Quick, Read, None;
    {
        nwfilter: Nwfilter,
        flags: u32,
    } -> ret::NwfilterGetXmlDesc
}

procedure! {
    /// Call 180 of the Remote program.
    NwfilterDefineXml = Remote 180, Quick, Act, None;
    {
        xml: String as Strict,
    } -> ret::NwfilterDefineXml
}

procedure! {
    /// Call 181 of the Remote program.
    NwfilterUndefine = Remote 181, Quick, Act, None;
    {
        nwfilter: Nwfilter,
    } -> ()
}

procedure! {
    /// Call 182 of the Remote program.
    DomainManagedSave = Remote 182, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 183 of the Remote program.
    DomainHasManagedSaveImage = Remote 183, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainHasManagedSaveImage
}

procedure! {
    /// Call 184 of the Remote program.
    DomainManagedSaveRemove = Remote 184, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 185 of the Remote program.
    DomainSnapshotCreateXml = Remote 185, Slow, Act, None;
    {
        dom: Domain,
        xml_desc: String as Strict,
        flags: u32,
    } -> ret::DomainSnapshotCreateXml
}

procedure! {
    /// Call 186 of the Remote program.
    DomainSnapshotGetXmlDesc = Remote 186, Quick, Read, None;
    {
        snap: DomainSnapshot,
        flags: u32,
    } -> ret::DomainSnapshotGetXmlDesc
}

procedure! {
    /// Call 189 of the Remote program.
    DomainSnapshotLookupByName = Remote 189, Quick, Read, None;
    {
        dom: Domain,
        name: String,
        flags: u32,
    } -> ret::DomainSnapshotLookupByName
}

procedure! {
    /// Call 190 of the Remote program.
    DomainHasCurrentSnapshot = Remote 190, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainHasCurrentSnapshot
}

procedure! {
    /// Call 191 of the Remote program.
    DomainSnapshotCurrent = Remote 191, Quick, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainSnapshotCurrent
}

procedure! {
    /// Call 192 of the Remote program.
    DomainRevertToSnapshot = Remote 192, Slow, Read, None;
    {
        snap: DomainSnapshot,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 193 of the Remote program.
    DomainSnapshotDelete = Remote 193, Slow, Act, None;
    {
        snap: DomainSnapshot,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 194 of the Remote program.
    DomainGetBlockInfo = Remote 194, Quick, Read, None;
    {
        dom: Domain,
        path: String,
        flags: u32,
    } -> ret::DomainGetBlockInfo
}

procedure! {
    /// Call 196 of the Remote program.
    DomainCreateWithFlags = Remote 196, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainCreateWithFlags
}

procedure! {
    /// Call 197 of the Remote program.
    DomainSetMemoryParameters = Remote 197, Slow, Act, None;
    {
        dom: Domain,
        params: Vec<TypedParam> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 198 of the Remote program.
    DomainGetMemoryParameters = Remote 198, Slow, Read, None;
    {
        dom: Domain,
        nparams: i32,
        flags: u32,
    } -> ret::DomainGetMemoryParameters
}

procedure! {
    /// Call 199 of the Remote program.
    DomainSetVcpusFlags = Remote 199, Slow, Act, None;
    {
        dom: Domain,
        nvcpus: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 200 of the Remote program.
    DomainGetVcpusFlags = Remote 200, Slow, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetVcpusFlags
}

procedure! {
    /// Call 201 of the Remote program.
    DomainOpenConsole = Remote 201, Slow, Act, Both;
    {
        dom: Domain,
        dev_name: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 202 of the Remote program.
    DomainIsUpdated = Remote 202, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainIsUpdated
}

procedure! {
    /// Call 203 of the Remote program.
    ConnectGetSysinfo = Remote 203, Quick, Read, None;
    {
        flags: u32,
    } -> ret::ConnectGetSysinfo
}

procedure! {
    /// Call 204 of the Remote program.
    DomainSetMemoryFlags = Remote 204, Slow, Act, None;
    {
        dom: Domain,
        memory: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 205 of the Remote program.
    DomainSetBlkioParameters = Remote 205, Slow, Act, None;
    {
        dom: Domain,
        params: Vec<TypedParam> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 206 of the Remote program.
    DomainGetBlkioParameters = Remote 206, Slow, Read, None;
    {
        dom: Domain,
        nparams: i32,
        flags: u32,
    } -> ret::DomainGetBlkioParameters
}

procedure! {
    /// Call 207 of the Remote program.
    DomainMigrateSetMaxSpeed = Remote 207, Slow, Act, None;
    {
        dom: Domain,
        bandwidth: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 208 of the Remote program.
    StorageVolUpload = Remote 208, Slow, Act, Send;
    {
        vol: StorageVol,
        offset: u64,
        length: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 209 of the Remote program.
    StorageVolDownload = Remote 209, Slow, Act, Receive;
    {
        vol: StorageVol,
        offset: u64,
        length: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 210 of the Remote program.
    DomainInjectNmi = Remote 210, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 211 of the Remote program.
    DomainScreenshot = Remote 211, Slow, Read, Receive;
    {
        dom: Domain,
        screen: u32,
        flags: u32,
    } -> ret::DomainScreenshot
}

procedure! {
    /// Call 212 of the Remote program.
    DomainGetState = Remote 212, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetState
}

procedure! {
    /// Call 213 of the Remote program.
    DomainMigrateBegin3 = Remote 213, Slow, Act, None;
    {
        dom: Domain,
        xmlin: Option<String> as Strict,
        flags: u64,
        dname: Option<String>,
        bandwidth: u64,
    } -> ret::DomainMigrateBegin3
}

procedure! {
    /// Call 214 of the Remote program.
    DomainMigratePrepare3 = Remote 214, Slow, Act, None;
    {
        cookie_in: Bytes as Opaque<4_194_304>,
        uri_in: Option<String>,
        flags: u64,
        dname: Option<String>,
        bandwidth: u64,
        dom_xml: String as Strict,
    } -> ret::DomainMigratePrepare3
}

procedure! {
    /// Call 215 of the Remote program.
    DomainMigratePrepareTunnel3 = Remote 215, Slow, Act, Send;
    {
        cookie_in: Bytes as Opaque<4_194_304>,
        flags: u64,
        dname: Option<String>,
        bandwidth: u64,
        dom_xml: String as Strict,
    } -> ret::DomainMigratePrepareTunnel3
}

procedure! {
    /// Call 216 of the Remote program.
    DomainMigratePerform3 = Remote 216, Slow, Act, None;
    {
        dom: Domain,
        xmlin: Option<String> as Strict,
        cookie_in: Bytes as Opaque<4_194_304>,
        dconnuri: Option<String>,
        uri: Option<String>,
        flags: u64,
        dname: Option<String>,
        bandwidth: u64,
    } -> ret::DomainMigratePerform3
}

procedure! {
    /// Call 217 of the Remote program.
    DomainMigrateFinish3 = Remote 217, Slow, Act, None;
    {
        dname: String,
        cookie_in: Bytes as Opaque<4_194_304>,
        dconnuri: Option<String>,
        uri: Option<String>,
        flags: u64,
        cancelled: i32,
    } -> ret::DomainMigrateFinish3
}

procedure! {
    /// Call 218 of the Remote program.
    DomainMigrateConfirm3 = Remote 218, Slow, Act, None;
    {
        dom: Domain,
        cookie_in: Bytes as Opaque<4_194_304>,
        flags: u64,
        cancelled: i32,
    } -> ()
}

procedure! {
    /// Call 220 of the Remote program.
    InterfaceChangeBegin = Remote 220, Slow, Act, None;
    {
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 221 of the Remote program.
    InterfaceChangeCommit = Remote 221, Slow, Act, None;
    {
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 222 of the Remote program.
    InterfaceChangeRollback = Remote 222, Slow, Act, None;
    {
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 225 of the Remote program.
    DomainPinVcpuFlags = Remote 225, Slow, Act, None;
    {
        dom: Domain,
        vcpu: u32,
        cpumap: Bytes as Opaque<2048>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 226 of the Remote program.
    DomainSendKey = Remote 226, Quick, Act, None;
    {
        dom: Domain,
        codeset: u32,
        holdtime: u32,
        keycodes: Vec<u32> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 227 of the Remote program.
    NodeGetCpuStats = Remote 227, Quick, Read, None;
    {
        cpu_num: i32,
        nparams: i32,
        flags: u32,
    } -> ret::NodeGetCpuStats
}

procedure! {
    /// Call 228 of the Remote program.
    NodeGetMemoryStats = Remote 228, Quick, Read, None;
    {
        nparams: i32,
        cell_num: i32,
        flags: u32,
    } -> ret::NodeGetMemoryStats
}

procedure! {
    /// Call 229 of the Remote program.
    DomainGetControlInfo = Remote 229, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetControlInfo
}

procedure! {
    /// Call 230 of the Remote program.
    DomainGetVcpuPinInfo = Remote 230, Quick, Read, None;
    {
        dom: Domain,
        ncpumaps: i32,
        maplen: i32,
        flags: u32,
    } -> ret::DomainGetVcpuPinInfo
}

procedure! {
    /// Call 231 of the Remote program.
    DomainUndefineFlags = Remote 231, Quick, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 232 of the Remote program.
    DomainSaveFlags = Remote 232, Slow, Act, None;
    {
        dom: Domain,
        to: String,
        dxml: Option<String> as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 233 of the Remote program.
    DomainRestoreFlags = Remote 233, Slow, Act, None;
    {
        from: String,
        dxml: Option<String> as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 234 of the Remote program.
    DomainDestroyFlags = Remote 234, Quick, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 235 of the Remote program.
    DomainSaveImageGetXmlDesc = Remote 235, Quick, Read, None;
    {
        file: String,
        flags: u32,
    } -> ret::DomainSaveImageGetXmlDesc
}

procedure! {
    /// Call 236 of the Remote program.
    DomainSaveImageDefineXml = Remote 236, Quick, Act, None;
    {
        file: String,
        dxml: String as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 237 of the Remote program.
    DomainBlockJobAbort = Remote 237, Slow, Act, None;
    {
        dom: Domain,
        path: String,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 238 of the Remote program.
    DomainGetBlockJobInfo = Remote 238, Slow, Read, None;
    {
        dom: Domain,
        path: String,
        flags: u32,
    } -> ret::DomainGetBlockJobInfo
}

procedure! {
    /// Call 239 of the Remote program.
    DomainBlockJobSetSpeed = Remote 239, Slow, Act, None;
    {
        dom: Domain,
        path: String,
        bandwidth: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 240 of the Remote program.
    DomainBlockPull = Remote 240, Slow, Act, None;
    {
        dom: Domain,
        path: String,
        bandwidth: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 242 of the Remote program.
    DomainMigrateGetMaxSpeed = Remote 242, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainMigrateGetMaxSpeed
}

procedure! {
    /// Call 243 of the Remote program.
    DomainBlockStatsFlags = Remote 243, Slow, Read, None;
    {
        dom: Domain,
        path: String,
        nparams: i32,
        flags: u32,
    } -> ret::DomainBlockStatsFlags
}

procedure! {
    /// Call 244 of the Remote program.
    DomainSnapshotGetParent = Remote 244, Quick, Read, None;
    {
        snap: DomainSnapshot,
        flags: u32,
    } -> ret::DomainSnapshotGetParent
}

procedure! {
    /// Call 245 of the Remote program.
    DomainReset = Remote 245, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 249 of the Remote program.
    DomainOpenGraphics = Remote 249, Slow, Read, None;
    {
        dom: Domain,
        idx: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 250 of the Remote program.
    NodeSuspendForDuration = Remote 250, Slow, Act, None;
    {
        target: u32,
        duration: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 251 of the Remote program.
    DomainBlockResize = Remote 251, Slow, Act, None;
    {
        dom: Domain,
        disk: String,
        size: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 252 of the Remote program.
    DomainSetBlockIoTune = Remote 252, Slow, Act, None;
    {
        dom: Domain,
        disk: String,
        params: Vec<TypedParam> as List<32>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 253 of the Remote program.
    DomainGetBlockIoTune = Remote 253, Slow, Read, None;
    {
        dom: Domain,
        disk: Option<String>,
        nparams: i32,
        flags: u32,
    } -> ret::DomainGetBlockIoTune
}

procedure! {
    /// Call 254 of the Remote program.
    DomainSetNumaParameters = Remote 254, Slow, Act, None;
    {
        dom: Domain,
        params: Vec<TypedParam> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 255 of the Remote program.
    DomainGetNumaParameters = Remote 255, Slow, Read, None;
    {
        dom: Domain,
        nparams: i32,
        flags: u32,
    } -> ret::DomainGetNumaParameters
}

procedure! {
    /// Call 256 of the Remote program.
    DomainSetInterfaceParameters = Remote 256, Slow, Act, None;
    {
        dom: Domain,
        device: String,
        params: Vec<TypedParam> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 257 of the Remote program.
    DomainGetInterfaceParameters = Remote 257, Slow, Read, None;
    {
        dom: Domain,
        device: String,
        nparams: i32,
        flags: u32,
    } -> ret::DomainGetInterfaceParameters
}

procedure! {
    /// Call 258 of the Remote program.
    DomainShutdownFlags = Remote 258, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 259 of the Remote program.
    StorageVolWipePattern = Remote 259, Slow, Act, None;
    {
        vol: StorageVol,
        algorithm: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 260 of the Remote program.
    StorageVolResize = Remote 260, Slow, Act, None;
    {
        vol: StorageVol,
        capacity: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 261 of the Remote program.
    DomainPmSuspendForDuration = Remote 261, Slow, Act, None;
    {
        dom: Domain,
        target: u32,
        duration: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 262 of the Remote program.
    DomainGetCpuStats = Remote 262, Slow, Read, None;
    {
        dom: Domain,
        nparams: u32,
        start_cpu: i32,
        ncpus: u32,
        flags: u32,
    } -> ret::DomainGetCpuStats
}

procedure! {
    /// Call 263 of the Remote program.
    DomainGetDiskErrors = Remote 263, Slow, Read, None;
    {
        dom: Domain,
        maxerrors: u32,
        flags: u32,
    } -> ret::DomainGetDiskErrors
}

procedure! {
    /// Call 264 of the Remote program.
    DomainSetMetadata = Remote 264, Slow, Act, None;
    {
        dom: Domain,
        kind: i32,
        metadata: Option<String>,
        key: Option<String>,
        uri: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 265 of the Remote program.
    DomainGetMetadata = Remote 265, Slow, Read, None;
    {
        dom: Domain,
        kind: i32,
        uri: Option<String>,
        flags: u32,
    } -> ret::DomainGetMetadata
}

procedure! {
    /// Call 266 of the Remote program.
    DomainBlockRebase = Remote 266, Slow, Act, None;
    {
        dom: Domain,
        path: String,
        base: Option<String>,
        bandwidth: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 267 of the Remote program.
    DomainPmWakeup = Remote 267, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 271 of the Remote program.
    DomainSnapshotIsCurrent = Remote 271, Quick, Read, None;
    {
        snap: DomainSnapshot,
        flags: u32,
    } -> ret::DomainSnapshotIsCurrent
}

procedure! {
    /// Call 272 of the Remote program.
    DomainSnapshotHasMetadata = Remote 272, Quick, Read, None;
    {
        snap: DomainSnapshot,
        flags: u32,
    } -> ret::DomainSnapshotHasMetadata
}

procedure! {
    /// Call 273 of the Remote program.
    ConnectListAllDomains = Remote 273, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllDomains
}

procedure! {
    /// Call 274 of the Remote program.
    DomainListAllSnapshots = Remote 274, Quick, Read, None;
    {
        dom: Domain,
        need_results: i32,
        flags: u32,
    } -> ret::DomainListAllSnapshots
}

procedure! {
    /// Call 275 of the Remote program.
    DomainSnapshotListAllChildren = Remote 275, Quick, Read, None;
    {
        snapshot: DomainSnapshot,
        need_results: i32,
        flags: u32,
    } -> ret::DomainSnapshotListAllChildren
}

procedure! {
    /// Call 277 of the Remote program.
    DomainGetHostname = Remote 277, Slow, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetHostname
}

procedure! {
    /// Call 279 of the Remote program.
    DomainPinEmulator = Remote 279, Slow, Act, None;
    {
        dom: Domain,
        cpumap: Bytes as Opaque<2048>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 280 of the Remote program.
    DomainGetEmulatorPinInfo = Remote 280, Quick, Read, None;
    {
        dom: Domain,
        maplen: i32,
        flags: u32,
    } -> ret::DomainGetEmulatorPinInfo
}

procedure! {
    /// Call 281 of the Remote program.
    ConnectListAllStoragePools = Remote 281, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllStoragePools
}

procedure! {
    /// Call 282 of the Remote program.
    StoragePoolListAllVolumes = Remote 282, Quick, Read, None;
    {
        pool: StoragePool,
        need_results: i32,
        flags: u32,
    } -> ret::StoragePoolListAllVolumes
}

procedure! {
    /// Call 283 of the Remote program.
    ConnectListAllNetworks = Remote 283, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllNetworks
}

procedure! {
    /// Call 284 of the Remote program.
    ConnectListAllInterfaces = Remote 284, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllInterfaces
}

procedure! {
    /// Call 285 of the Remote program.
    ConnectListAllNodeDevices = Remote 285, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllNodeDevices
}

procedure! {
    /// Call 286 of the Remote program.
    ConnectListAllNwfilters = Remote 286, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllNwfilters
}

procedure! {
    /// Call 287 of the Remote program.
    ConnectListAllSecrets = Remote 287, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllSecrets
}

procedure! {
    /// Call 290 of the Remote program.
    DomainBlockCommit = Remote 290, Slow, Act, None;
    {
        dom: Domain,
        disk: String,
        base: Option<String>,
        top: Option<String>,
        bandwidth: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 291 of the Remote program.
    NetworkUpdate = Remote 291, Quick, Act, None;
    {
        net: Network,
        command: u32,
        section: u32,
        parent_index: i32,
        xml: String as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 293 of the Remote program.
    NodeGetCpuMap = Remote 293, Quick, Read, None;
    {
        need_map: i32,
        need_online: i32,
        flags: u32,
    } -> ret::NodeGetCpuMap
}

procedure! {
    /// Call 294 of the Remote program.
    DomainFstrim = Remote 294, Slow, Act, None;
    {
        dom: Domain,
        mount_point: Option<String>,
        minimum: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 296 of the Remote program.
    DomainOpenChannel = Remote 296, Slow, Act, Both;
    {
        dom: Domain,
        name: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 297 of the Remote program.
    NodeDeviceLookupScsiHostByWwn = Remote 297, Quick, Read, None;
    {
        wwnn: String,
        wwpn: String,
        flags: u32,
    } -> ret::NodeDeviceLookupScsiHostByWwn
}

procedure! {
    /// Call 298 of the Remote program.
    DomainGetJobStats = Remote 298, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetJobStats
}

procedure! {
    /// Call 299 of the Remote program.
    DomainMigrateGetCompressionCache = Remote 299, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainMigrateGetCompressionCache
}

procedure! {
    /// Call 300 of the Remote program.
    DomainMigrateSetCompressionCache = Remote 300, Slow, Act, None;
    {
        dom: Domain,
        cache_size: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 301 of the Remote program.
    NodeDeviceDetachFlags = Remote 301, Slow, Act, None;
    {
        name: String,
        driver_name: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 302 of the Remote program.
    DomainMigrateBegin3Params = Remote 302, Slow, Act, None;
    {
        dom: Domain,
        params: Vec<TypedParam> as List<64>,
        flags: u32,
    } -> ret::DomainMigrateBegin3Params
}

procedure! {
    /// Call 303 of the Remote program.
    DomainMigratePrepare3Params = Remote 303, Slow, Act, None;
    {
        params: Vec<TypedParam> as List<64>,
        cookie_in: Bytes as Opaque<4_194_304>,
        flags: u32,
    } -> ret::DomainMigratePrepare3Params
}

procedure! {
    /// Call 304 of the Remote program.
    DomainMigratePrepareTunnel3Params = Remote 304, Slow, Act, None;
    {
        params: Vec<TypedParam> as List<64>,
        cookie_in: Bytes as Opaque<4_194_304>,
        flags: u32,
    } -> ret::DomainMigratePrepareTunnel3Params
}

procedure! {
    /// Call 305 of the Remote program.
    DomainMigratePerform3Params = Remote 305, Slow, Act, None;
    {
        dom: Domain,
        dconnuri: Option<String>,
        params: Vec<TypedParam> as List<64>,
        cookie_in: Bytes as Opaque<4_194_304>,
        flags: u32,
    } -> ret::DomainMigratePerform3Params
}

procedure! {
    /// Call 306 of the Remote program.
    DomainMigrateFinish3Params = Remote 306, Slow, Act, None;
    {
        params: Vec<TypedParam> as List<64>,
        cookie_in: Bytes as Opaque<4_194_304>,
        flags: u32,
        cancelled: i32,
    } -> ret::DomainMigrateFinish3Params
}

procedure! {
    /// Call 307 of the Remote program.
    DomainMigrateConfirm3Params = Remote 307, Slow, Act, None;
    {
        dom: Domain,
        params: Vec<TypedParam> as List<64>,
        cookie_in: Bytes as Opaque<4_194_304>,
        flags: u32,
        cancelled: i32,
    } -> ()
}

procedure! {
    /// Call 308 of the Remote program.
    DomainSetMemoryStatsPeriod = Remote 308, Slow, Act, None;
    {
        dom: Domain,
        period: i32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 309 of the Remote program.
    DomainCreateXmlWithFiles = Remote 309, Slow, Act, None;
    {
        xml_desc: String as Strict,
        flags: u32,
    } -> ret::DomainCreateXmlWithFiles
}

procedure! {
    /// Call 310 of the Remote program.
    DomainCreateWithFiles = Remote 310, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainCreateWithFiles
}

procedure! {
    /// Call 312 of the Remote program.
    ConnectGetCpuModelNames = Remote 312, Quick, Read, None;
    {
        arch: String,
        need_results: i32,
        flags: u32,
    } -> ret::ConnectGetCpuModelNames
}

procedure! {
    /// Call 313 of the Remote program.
    ConnectNetworkEventRegisterAny = Remote 313, Quick, Read, None;
    {
        event_id: i32,
        net: Option<Network>,
    } -> ret::ConnectNetworkEventRegisterAny
}

procedure! {
    /// Call 314 of the Remote program.
    ConnectNetworkEventDeregisterAny = Remote 314, Quick, Read, None;
    {
        callback_id: i32,
    } -> ()
}

procedure! {
    /// Call 316 of the Remote program.
    ConnectDomainEventCallbackRegisterAny = Remote 316, Quick, Read, None;
    {
        event_id: i32,
        dom: Option<Domain>,
    } -> ret::ConnectDomainEventCallbackRegisterAny
}

procedure! {
    /// Call 317 of the Remote program.
    ConnectDomainEventCallbackDeregisterAny = Remote 317, Quick, Read, None;
    {
        callback_id: i32,
    } -> ()
}

procedure! {
    /// Call 334 of the Remote program.
    DomainCoreDumpWithFormat = Remote 334, Slow, Act, None;
    {
        dom: Domain,
        to: String,
        dumpformat: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 335 of the Remote program.
    DomainFsfreeze = Remote 335, Slow, Act, None;
    {
        dom: Domain,
        mountpoints: Vec<String> as List<256>,
        flags: u32,
    } -> ret::DomainFsfreeze
}

procedure! {
    /// Call 336 of the Remote program.
    DomainFsthaw = Remote 336, Slow, Act, None;
    {
        dom: Domain,
        mountpoints: Vec<String> as List<256>,
        flags: u32,
    } -> ret::DomainFsthaw
}

procedure! {
    /// Call 337 of the Remote program.
    DomainGetTime = Remote 337, Slow, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetTime
}

procedure! {
    /// Call 338 of the Remote program.
    DomainSetTime = Remote 338, Slow, Act, None;
    {
        dom: Domain,
        seconds: i64,
        nseconds: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 340 of the Remote program.
    NodeGetFreePages = Remote 340, Quick, Read, None;
    {
        pages: Vec<u32> as List<1024>,
        start_cell: i32,
        cell_count: u32,
        flags: u32,
    } -> ret::NodeGetFreePages
}

procedure! {
    /// Call 341 of the Remote program.
    NetworkGetDhcpLeases = Remote 341, Slow, Read, None;
    {
        net: Network,
        mac: Option<String>,
        need_results: i32,
        flags: u32,
    } -> ret::NetworkGetDhcpLeases
}

procedure! {
    /// Call 342 of the Remote program.
    ConnectGetDomainCapabilities = Remote 342, Quick, Read, None;
    {
        emulatorbin: Option<String>,
        arch: Option<String>,
        machine: Option<String>,
        virttype: Option<String>,
        flags: u32,
    } -> ret::ConnectGetDomainCapabilities
}

procedure! {
    /// Call 343 of the Remote program.
    DomainOpenGraphicsFd = Remote 343, Quick, Read, None;
    {
        dom: Domain,
        idx: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 344 of the Remote program.
    ConnectGetAllDomainStats = Remote 344, Quick, Read, None;
    {
        doms: Vec<Domain> as List<16_384>,
        stats: u32,
        flags: u32,
    } -> ret::ConnectGetAllDomainStats
}

procedure! {
    /// Call 345 of the Remote program.
    DomainBlockCopy = Remote 345, Slow, Act, None;
    {
        dom: Domain,
        path: String,
        destxml: String as Strict,
        params: Vec<TypedParam> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 349 of the Remote program.
    DomainGetFsinfo = Remote 349, Slow, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetFsinfo
}

procedure! {
    /// Call 350 of the Remote program.
    DomainDefineXmlFlags = Remote 350, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::DomainDefineXmlFlags
}

procedure! {
    /// Call 351 of the Remote program.
    DomainGetIothreadInfo = Remote 351, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetIothreadInfo
}

procedure! {
    /// Call 352 of the Remote program.
    DomainPinIothread = Remote 352, Slow, Act, None;
    {
        dom: Domain,
        iothreads_id: u32,
        cpumap: Bytes as Opaque<2048>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 353 of the Remote program.
    DomainInterfaceAddresses = Remote 353, Slow, Read, None;
    {
        dom: Domain,
        source: u32,
        flags: u32,
    } -> ret::DomainInterfaceAddresses
}

procedure! {
    /// Call 355 of the Remote program.
    DomainAddIothread = Remote 355, Slow, Act, None;
    {
        dom: Domain,
        iothread_id: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 356 of the Remote program.
    DomainDelIothread = Remote 356, Slow, Act, None;
    {
        dom: Domain,
        iothread_id: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 357 of the Remote program.
    DomainSetUserPassword = Remote 357, Slow, Act, None;
    {
        dom: Domain,
        user: Option<String>,
        password: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 358 of the Remote program.
    DomainRename = Remote 358, Slow, Act, None;
    {
        dom: Domain,
        new_name: Option<String>,
        flags: u32,
    } -> ret::DomainRename
}

procedure! {
    /// Call 360 of the Remote program.
    ConnectRegisterCloseCallback = Remote 360, Quick, Read, None;
    {} -> ()
}

procedure! {
    /// Call 361 of the Remote program.
    ConnectUnregisterCloseCallback = Remote 361, Quick, Read, None;
    {} -> ()
}

procedure! {
    /// Call 364 of the Remote program.
    DomainMigrateStartPostCopy = Remote 364, Slow, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 368 of the Remote program.
    ConnectStoragePoolEventRegisterAny = Remote 368, Quick, Read, None;
    {
        event_id: i32,
        pool: Option<StoragePool>,
    } -> ret::ConnectStoragePoolEventRegisterAny
}

procedure! {
    /// Call 369 of the Remote program.
    ConnectStoragePoolEventDeregisterAny = Remote 369, Quick, Read, None;
    {
        callback_id: i32,
    } -> ()
}

procedure! {
    /// Call 371 of the Remote program.
    DomainGetGuestVcpus = Remote 371, Slow, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetGuestVcpus
}

procedure! {
    /// Call 372 of the Remote program.
    DomainSetGuestVcpus = Remote 372, Slow, Act, None;
    {
        dom: Domain,
        cpumap: String,
        state: i32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 374 of the Remote program.
    ConnectNodeDeviceEventRegisterAny = Remote 374, Quick, Read, None;
    {
        event_id: i32,
        dev: Option<NodeDevice>,
    } -> ret::ConnectNodeDeviceEventRegisterAny
}

procedure! {
    /// Call 375 of the Remote program.
    ConnectNodeDeviceEventDeregisterAny = Remote 375, Quick, Read, None;
    {
        callback_id: i32,
    } -> ()
}

procedure! {
    /// Call 378 of the Remote program.
    StorageVolGetInfoFlags = Remote 378, Quick, Read, None;
    {
        vol: StorageVol,
        flags: u32,
    } -> ret::StorageVolGetInfoFlags
}

procedure! {
    /// Call 380 of the Remote program.
    ConnectSecretEventRegisterAny = Remote 380, Quick, Read, None;
    {
        event_id: i32,
        secret: Option<Secret>,
    } -> ret::ConnectSecretEventRegisterAny
}

procedure! {
    /// Call 381 of the Remote program.
    ConnectSecretEventDeregisterAny = Remote 381, Quick, Read, None;
    {
        callback_id: i32,
    } -> ()
}

procedure! {
    /// Call 384 of the Remote program.
    DomainSetVcpu = Remote 384, Slow, Act, None;
    {
        dom: Domain,
        cpumap: String,
        state: i32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 386 of the Remote program.
    DomainSetBlockThreshold = Remote 386, Slow, Act, None;
    {
        dom: Domain,
        dev: String,
        threshold: u64,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 387 of the Remote program.
    DomainMigrateGetMaxDowntime = Remote 387, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainMigrateGetMaxDowntime
}

procedure! {
    /// Call 388 of the Remote program.
    DomainManagedSaveGetXmlDesc = Remote 388, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainManagedSaveGetXmlDesc
}

procedure! {
    /// Call 389 of the Remote program.
    DomainManagedSaveDefineXml = Remote 389, Slow, Act, None;
    {
        dom: Domain,
        dxml: Option<String> as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 390 of the Remote program.
    DomainSetLifecycleAction = Remote 390, Slow, Act, None;
    {
        dom: Domain,
        kind: u32,
        action: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 391 of the Remote program.
    StoragePoolLookupByTargetPath = Remote 391, Quick, Read, None;
    {
        path: String,
    } -> ret::StoragePoolLookupByTargetPath
}

procedure! {
    /// Call 392 of the Remote program.
    DomainDetachDeviceAlias = Remote 392, Slow, Act, None;
    {
        dom: Domain,
        alias: String,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 393 of the Remote program.
    ConnectCompareHypervisorCpu = Remote 393, Quick, Read, None;
    {
        emulator: Option<String>,
        arch: Option<String>,
        machine: Option<String>,
        virttype: Option<String>,
        xml_cpu: String as Strict,
        flags: u32,
    } -> ret::ConnectCompareHypervisorCpu
}

procedure! {
    /// Call 394 of the Remote program.
    ConnectBaselineHypervisorCpu = Remote 394, Quick, Read, None;
    {
        emulator: Option<String>,
        arch: Option<String>,
        machine: Option<String>,
        virttype: Option<String>,
        xml_cpus: Vec<String> as List<256>,
        flags: u32,
    } -> ret::ConnectBaselineHypervisorCpu
}

procedure! {
    /// Call 395 of the Remote program.
    NodeGetSevInfo = Remote 395, Quick, Read, None;
    {
        nparams: i32,
        flags: u32,
    } -> ret::NodeGetSevInfo
}

procedure! {
    /// Call 396 of the Remote program.
    DomainGetLaunchSecurityInfo = Remote 396, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetLaunchSecurityInfo
}

procedure! {
    /// Call 397 of the Remote program.
    NwfilterBindingLookupByPortDev = Remote 397, Quick, Read, None;
    {
        name: String,
    } -> ret::NwfilterBindingLookupByPortDev
}

procedure! {
    /// Call 398 of the Remote program.
    NwfilterBindingGetXmlDesc = Remote 398, Quick, Read, None;
    {
        nwfilter: NwfilterBinding,
        flags: u32,
    } -> ret::NwfilterBindingGetXmlDesc
}

procedure! {
    /// Call 399 of the Remote program.
    NwfilterBindingCreateXml = Remote 399, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::NwfilterBindingCreateXml
}

procedure! {
    /// Call 400 of the Remote program.
    NwfilterBindingDelete = Remote 400, Quick, Act, None;
    {
        nwfilter: NwfilterBinding,
    } -> ()
}

procedure! {
    /// Call 401 of the Remote program.
    ConnectListAllNwfilterBindings = Remote 401, Quick, Read, None;
    {
        need_results: i32,
        flags: u32,
    } -> ret::ConnectListAllNwfilterBindings
}

procedure! {
    /// Call 402 of the Remote program.
    DomainSetIothreadParams = Remote 402, Slow, Act, None;
    {
        dom: Domain,
        iothread_id: u32,
        params: Vec<TypedParam> as List<64>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 403 of the Remote program.
    ConnectGetStoragePoolCapabilities = Remote 403, Quick, Read, None;
    {
        flags: u32,
    } -> ret::ConnectGetStoragePoolCapabilities
}

procedure! {
    /// Call 404 of the Remote program.
    NetworkListAllPorts = Remote 404, Quick, Read, None;
    {
        network: Network,
        need_results: i32,
        flags: u32,
    } -> ret::NetworkListAllPorts
}

procedure! {
    /// Call 405 of the Remote program.
    NetworkPortLookupByUuid = Remote 405, Quick, Read, None;
    {
        network: Network,
        uuid: Uuid,
    } -> ret::NetworkPortLookupByUuid
}

procedure! {
    /// Call 406 of the Remote program.
    NetworkPortCreateXml = Remote 406, Slow, Act, None;
    {
        network: Network,
        xml: String as Strict,
        flags: u32,
    } -> ret::NetworkPortCreateXml
}

procedure! {
    /// Call 407 of the Remote program.
    NetworkPortGetParameters = Remote 407, Quick, Read, None;
    {
        port: NetworkPort,
        nparams: i32,
        flags: u32,
    } -> ret::NetworkPortGetParameters
}

procedure! {
    /// Call 408 of the Remote program.
    NetworkPortSetParameters = Remote 408, Slow, Act, None;
    {
        port: NetworkPort,
        params: Vec<TypedParam> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 409 of the Remote program.
    NetworkPortGetXmlDesc = Remote 409, Quick, Read, None;
    {
        port: NetworkPort,
        flags: u32,
    } -> ret::NetworkPortGetXmlDesc
}

procedure! {
    /// Call 410 of the Remote program.
    NetworkPortDelete = Remote 410, Slow, Act, None;
    {
        port: NetworkPort,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 411 of the Remote program.
    DomainCheckpointCreateXml = Remote 411, Slow, Act, None;
    {
        dom: Domain,
        xml_desc: String as Strict,
        flags: u32,
    } -> ret::DomainCheckpointCreateXml
}

procedure! {
    /// Call 412 of the Remote program.
    DomainCheckpointGetXmlDesc = Remote 412, Quick, Read, None;
    {
        checkpoint: DomainCheckpoint,
        flags: u32,
    } -> ret::DomainCheckpointGetXmlDesc
}

procedure! {
    /// Call 413 of the Remote program.
    DomainListAllCheckpoints = Remote 413, Quick, Read, None;
    {
        dom: Domain,
        need_results: i32,
        flags: u32,
    } -> ret::DomainListAllCheckpoints
}

procedure! {
    /// Call 414 of the Remote program.
    DomainCheckpointListAllChildren = Remote 414, Quick, Read, None;
    {
        checkpoint: DomainCheckpoint,
        need_results: i32,
        flags: u32,
    } -> ret::DomainCheckpointListAllChildren
}

procedure! {
    /// Call 415 of the Remote program.
    DomainCheckpointLookupByName = Remote 415, Quick, Read, None;
    {
        dom: Domain,
        name: String,
        flags: u32,
    } -> ret::DomainCheckpointLookupByName
}

procedure! {
    /// Call 416 of the Remote program.
    DomainCheckpointGetParent = Remote 416, Quick, Read, None;
    {
        checkpoint: DomainCheckpoint,
        flags: u32,
    } -> ret::DomainCheckpointGetParent
}

procedure! {
    /// Call 417 of the Remote program.
    DomainCheckpointDelete = Remote 417, Slow, Act, None;
    {
        checkpoint: DomainCheckpoint,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 418 of the Remote program.
    DomainGetGuestInfo = Remote 418, Slow, Read, None;
    {
        dom: Domain,
        types: u32,
        flags: u32,
    } -> ret::DomainGetGuestInfo
}

procedure! {
    /// Call 420 of the Remote program.
    DomainAgentSetResponseTimeout = Remote 420, Slow, Act, None;
    {
        dom: Domain,
        timeout: i32,
        flags: u32,
    } -> ret::DomainAgentSetResponseTimeout
}

procedure! {
    /// Call 421 of the Remote program.
    DomainBackupBegin = Remote 421, Slow, Act, None;
    {
        dom: Domain,
        backup_xml: String as Strict,
        checkpoint_xml: Option<String> as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 422 of the Remote program.
    DomainBackupGetXmlDesc = Remote 422, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainBackupGetXmlDesc
}

procedure! {
    /// Call 424 of the Remote program.
    DomainAuthorizedSshKeysGet = Remote 424, Slow, Read, None;
    {
        dom: Domain,
        user: String,
        flags: u32,
    } -> ret::DomainAuthorizedSshKeysGet
}

procedure! {
    /// Call 425 of the Remote program.
    DomainAuthorizedSshKeysSet = Remote 425, Slow, Act, None;
    {
        dom: Domain,
        user: String,
        keys: Vec<String> as List<2048>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 426 of the Remote program.
    DomainGetMessages = Remote 426, Quick, Read, None;
    {
        dom: Domain,
        flags: u32,
    } -> ret::DomainGetMessages
}

procedure! {
    /// Call 428 of the Remote program.
    NodeDeviceDefineXml = Remote 428, Slow, Act, None;
    {
        xml_desc: String as Strict,
        flags: u32,
    } -> ret::NodeDeviceDefineXml
}

procedure! {
    /// Call 429 of the Remote program.
    NodeDeviceUndefine = Remote 429, Quick, Act, None;
    {
        name: String,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 430 of the Remote program.
    NodeDeviceCreate = Remote 430, Quick, Act, None;
    {
        name: String,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 431 of the Remote program.
    NwfilterDefineXmlFlags = Remote 431, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::NwfilterDefineXmlFlags
}

procedure! {
    /// Call 432 of the Remote program.
    NetworkDefineXmlFlags = Remote 432, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::NetworkDefineXmlFlags
}

procedure! {
    /// Call 433 of the Remote program.
    NodeDeviceGetAutostart = Remote 433, Quick, Read, None;
    {
        name: String,
    } -> ret::NodeDeviceGetAutostart
}

procedure! {
    /// Call 434 of the Remote program.
    NodeDeviceSetAutostart = Remote 434, Quick, Act, None;
    {
        name: String,
        autostart: i32,
    } -> ()
}

procedure! {
    /// Call 435 of the Remote program.
    NodeDeviceIsPersistent = Remote 435, Quick, Read, None;
    {
        name: String,
    } -> ret::NodeDeviceIsPersistent
}

procedure! {
    /// Call 436 of the Remote program.
    NodeDeviceIsActive = Remote 436, Quick, Read, None;
    {
        name: String,
    } -> ret::NodeDeviceIsActive
}

procedure! {
    /// Call 437 of the Remote program.
    NetworkCreateXmlFlags = Remote 437, Quick, Act, None;
    {
        xml: String as Strict,
        flags: u32,
    } -> ret::NetworkCreateXmlFlags
}

procedure! {
    /// Call 439 of the Remote program.
    DomainSetLaunchSecurityState = Remote 439, Slow, Act, None;
    {
        dom: Domain,
        params: Vec<TypedParam> as List<64>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 440 of the Remote program.
    DomainSaveParams = Remote 440, Slow, Act, None;
    {
        dom: Domain,
        params: Vec<TypedParam> as List<64>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 441 of the Remote program.
    DomainRestoreParams = Remote 441, Slow, Act, None;
    {
        params: Vec<TypedParam> as List<64>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 442 of the Remote program.
    DomainAbortJobFlags = Remote 442, Quick, Act, None;
    {
        dom: Domain,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 443 of the Remote program.
    DomainFdAssociate = Remote 443, Slow, Act, None;
    {
        dom: Domain,
        name: String,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 444 of the Remote program.
    NetworkSetMetadata = Remote 444, Slow, Act, None;
    {
        network: Network,
        kind: i32,
        metadata: Option<String>,
        key: Option<String>,
        uri: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 445 of the Remote program.
    NetworkGetMetadata = Remote 445, Quick, Read, None;
    {
        network: Network,
        kind: i32,
        uri: Option<String>,
        flags: u32,
    } -> ret::NetworkGetMetadata
}

procedure! {
    /// Call 447 of the Remote program.
    NodeDeviceUpdate = Remote 447, Quick, Act, None;
    {
        name: String,
        xml_desc: String as Strict,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 448 of the Remote program.
    DomainGraphicsReload = Remote 448, Slow, Act, None;
    {
        dom: Domain,
        kind: u32,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 449 of the Remote program.
    DomainGetAutostartOnce = Remote 449, Quick, Read, None;
    {
        dom: Domain,
    } -> ret::DomainGetAutostartOnce
}

procedure! {
    /// Call 450 of the Remote program.
    DomainSetAutostartOnce = Remote 450, Quick, Act, None;
    {
        dom: Domain,
        autostart: i32,
    } -> ()
}

procedure! {
    /// Call 451 of the Remote program.
    DomainSetThrottleGroup = Remote 451, Slow, Act, None;
    {
        dom: Domain,
        group: String,
        params: Vec<TypedParam> as List<32>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 452 of the Remote program.
    DomainDelThrottleGroup = Remote 452, Slow, Act, None;
    {
        dom: Domain,
        group: Option<String>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 456 of the Remote program.
    DomainAnnounceInterface = Remote 456, Slow, Act, None;
    {
        dom: Domain,
        device: Option<String>,
        params: Vec<TypedParam> as List<16>,
        flags: u32,
    } -> ()
}

procedure! {
    /// Call 1 of the Qemu program.
    DomainMonitorCommand = Qemu 1, Slow, Act, None;
    {
        dom: Domain,
        cmd: String,
        flags: u32,
    } -> ret::DomainMonitorCommand
}

procedure! {
    /// Call 3 of the Qemu program.
    DomainAgentCommand = Qemu 3, Slow, Act, None;
    {
        dom: Domain,
        cmd: String,
        timeout: i32,
        flags: u32,
    } -> ret::DomainAgentCommand
}

procedure! {
    /// Call 4 of the Qemu program.
    ConnectDomainMonitorEventRegister = Qemu 4, Quick, Read, None;
    {
        dom: Option<Domain>,
        event: Option<String>,
        flags: u32,
    } -> ret::ConnectDomainMonitorEventRegister
}

procedure! {
    /// Call 5 of the Qemu program.
    ConnectDomainMonitorEventDeregister = Qemu 5, Quick, Read, None;
    {
        callback_id: i32,
    } -> ()
}

/// What the calls return, under the calls' names.
pub mod ret {
    use super::*;

    record! {
        /// The result of [`ConnectGetType`](super::ConnectGetType).
        ConnectGetType {
            kind: String,
        }
    }

    record! {
        /// The result of [`ConnectGetVersion`](super::ConnectGetVersion).
        ConnectGetVersion {
            hv_ver: u64,
        }
    }

    record! {
        /// The result of [`ConnectGetMaxVcpus`](super::ConnectGetMaxVcpus).
        ConnectGetMaxVcpus {
            max_vcpus: i32,
        }
    }

    record! {
        /// The result of [`NodeGetInfo`](super::NodeGetInfo).
        NodeGetInfo {
            model: CharArray<32>,
            memory: u64,
            cpus: i32,
            mhz: i32,
            nodes: i32,
            sockets: i32,
            cores: i32,
            threads: i32,
        }
    }

    record! {
        /// The result of [`ConnectGetCapabilities`](super::ConnectGetCapabilities).
        ConnectGetCapabilities {
            capabilities: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainCreateXml`](super::DomainCreateXml).
        DomainCreateXml {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`DomainDefineXml`](super::DomainDefineXml).
        DomainDefineXml {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`DomainGetXmlDesc`](super::DomainGetXmlDesc).
        DomainGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainGetAutostart`](super::DomainGetAutostart).
        DomainGetAutostart {
            autostart: i32,
        }
    }

    record! {
        /// The result of [`DomainGetInfo`](super::DomainGetInfo).
        DomainGetInfo {
            state: u8,
            max_mem: u64,
            memory: u64,
            nr_virt_cpu: u16,
            cpu_time: u64,
        }
    }

    record! {
        /// The result of [`DomainGetOsType`](super::DomainGetOsType).
        DomainGetOsType {
            kind: String,
        }
    }

    record! {
        /// The result of [`DomainGetVcpus`](super::DomainGetVcpus).
        DomainGetVcpus {
            info: Vec<VcpuInfo> as List<16_384>,
            cpumaps: Bytes as Opaque<8_388_608>,
        }
    }

    record! {
        /// The result of [`DomainLookupById`](super::DomainLookupById).
        DomainLookupById {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`DomainLookupByName`](super::DomainLookupByName).
        DomainLookupByName {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`DomainLookupByUuid`](super::DomainLookupByUuid).
        DomainLookupByUuid {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`NetworkCreateXml`](super::NetworkCreateXml).
        NetworkCreateXml {
            net: Network,
        }
    }

    record! {
        /// The result of [`NetworkDefineXml`](super::NetworkDefineXml).
        NetworkDefineXml {
            net: Network,
        }
    }

    record! {
        /// The result of [`NetworkGetXmlDesc`](super::NetworkGetXmlDesc).
        NetworkGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`NetworkGetAutostart`](super::NetworkGetAutostart).
        NetworkGetAutostart {
            autostart: i32,
        }
    }

    record! {
        /// The result of [`NetworkGetBridgeName`](super::NetworkGetBridgeName).
        NetworkGetBridgeName {
            name: String,
        }
    }

    record! {
        /// The result of [`NetworkLookupByName`](super::NetworkLookupByName).
        NetworkLookupByName {
            net: Network,
        }
    }

    record! {
        /// The result of [`NetworkLookupByUuid`](super::NetworkLookupByUuid).
        NetworkLookupByUuid {
            net: Network,
        }
    }

    record! {
        /// The result of [`ConnectGetHostname`](super::ConnectGetHostname).
        ConnectGetHostname {
            hostname: String,
        }
    }

    record! {
        /// The result of [`ConnectSupportsFeature`](super::ConnectSupportsFeature).
        ConnectSupportsFeature {
            supported: i32,
        }
    }

    record! {
        /// The result of [`DomainBlockStats`](super::DomainBlockStats).
        DomainBlockStats {
            rd_req: i64,
            rd_bytes: i64,
            wr_req: i64,
            wr_bytes: i64,
            errs: i64,
        }
    }

    record! {
        /// The result of [`DomainInterfaceStats`](super::DomainInterfaceStats).
        DomainInterfaceStats {
            rx_bytes: i64,
            rx_packets: i64,
            rx_errs: i64,
            rx_drop: i64,
            tx_bytes: i64,
            tx_packets: i64,
            tx_errs: i64,
            tx_drop: i64,
        }
    }

    record! {
        /// The result of [`AuthList`](super::AuthList).
        AuthList {
            types: Vec<i32> as List<20>,
        }
    }

    record! {
        /// The result of [`AuthSaslInit`](super::AuthSaslInit).
        AuthSaslInit {
            mechlist: String,
        }
    }

    record! {
        /// The result of [`AuthSaslStart`](super::AuthSaslStart).
        AuthSaslStart {
            complete: i32,
            nil: i32,
            data: Vec<u8> as Chars<65_536>,
        }
    }

    record! {
        /// The result of [`AuthSaslStep`](super::AuthSaslStep).
        AuthSaslStep {
            complete: i32,
            nil: i32,
            data: Vec<u8> as Chars<65_536>,
        }
    }

    record! {
        /// The result of [`AuthPolkit`](super::AuthPolkit).
        AuthPolkit {
            complete: i32,
        }
    }

    record! {
        /// The result of [`ConnectFindStoragePoolSources`](super::ConnectFindStoragePoolSources).
        ConnectFindStoragePoolSources {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`StoragePoolCreateXml`](super::StoragePoolCreateXml).
        StoragePoolCreateXml {
            pool: StoragePool,
        }
    }

    record! {
        /// The result of [`StoragePoolDefineXml`](super::StoragePoolDefineXml).
        StoragePoolDefineXml {
            pool: StoragePool,
        }
    }

    record! {
        /// The result of [`StoragePoolLookupByName`](super::StoragePoolLookupByName).
        StoragePoolLookupByName {
            pool: StoragePool,
        }
    }

    record! {
        /// The result of [`StoragePoolLookupByUuid`](super::StoragePoolLookupByUuid).
        StoragePoolLookupByUuid {
            pool: StoragePool,
        }
    }

    record! {
        /// The result of [`StoragePoolLookupByVolume`](super::StoragePoolLookupByVolume).
        StoragePoolLookupByVolume {
            pool: StoragePool,
        }
    }

    record! {
        /// The result of [`StoragePoolGetInfo`](super::StoragePoolGetInfo).
        StoragePoolGetInfo {
            state: u8,
            capacity: u64,
            allocation: u64,
            available: u64,
        }
    }

    record! {
        /// The result of [`StoragePoolGetXmlDesc`](super::StoragePoolGetXmlDesc).
        StoragePoolGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`StoragePoolGetAutostart`](super::StoragePoolGetAutostart).
        StoragePoolGetAutostart {
            autostart: i32,
        }
    }

    record! {
        /// The result of [`StorageVolCreateXml`](super::StorageVolCreateXml).
        StorageVolCreateXml {
            vol: StorageVol,
        }
    }

    record! {
        /// The result of [`StorageVolLookupByName`](super::StorageVolLookupByName).
        StorageVolLookupByName {
            vol: StorageVol,
        }
    }

    record! {
        /// The result of [`StorageVolLookupByKey`](super::StorageVolLookupByKey).
        StorageVolLookupByKey {
            vol: StorageVol,
        }
    }

    record! {
        /// The result of [`StorageVolLookupByPath`](super::StorageVolLookupByPath).
        StorageVolLookupByPath {
            vol: StorageVol,
        }
    }

    record! {
        /// The result of [`StorageVolGetInfo`](super::StorageVolGetInfo).
        StorageVolGetInfo {
            kind: i8,
            capacity: u64,
            allocation: u64,
        }
    }

    record! {
        /// The result of [`StorageVolGetXmlDesc`](super::StorageVolGetXmlDesc).
        StorageVolGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`StorageVolGetPath`](super::StorageVolGetPath).
        StorageVolGetPath {
            name: String,
        }
    }

    record! {
        /// The result of [`NodeGetCellsFreeMemory`](super::NodeGetCellsFreeMemory).
        NodeGetCellsFreeMemory {
            cells: Vec<u64> as List<1024>,
        }
    }

    record! {
        /// The result of [`NodeGetFreeMemory`](super::NodeGetFreeMemory).
        NodeGetFreeMemory {
            free_mem: u64,
        }
    }

    record! {
        /// The result of [`DomainBlockPeek`](super::DomainBlockPeek).
        DomainBlockPeek {
            buffer: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`DomainMemoryPeek`](super::DomainMemoryPeek).
        DomainMemoryPeek {
            buffer: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`ConnectGetUri`](super::ConnectGetUri).
        ConnectGetUri {
            uri: String,
        }
    }

    record! {
        /// The result of [`NodeDeviceLookupByName`](super::NodeDeviceLookupByName).
        NodeDeviceLookupByName {
            dev: NodeDevice,
        }
    }

    record! {
        /// The result of [`NodeDeviceGetXmlDesc`](super::NodeDeviceGetXmlDesc).
        NodeDeviceGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`NodeDeviceGetParent`](super::NodeDeviceGetParent).
        NodeDeviceGetParent {
            parent_name: Option<String>,
        }
    }

    record! {
        /// The result of [`NodeDeviceListCaps`](super::NodeDeviceListCaps).
        NodeDeviceListCaps {
            names: Vec<String> as List<65_536>,
        }
    }

    record! {
        /// The result of [`NodeGetSecurityModel`](super::NodeGetSecurityModel).
        NodeGetSecurityModel {
            model: Vec<u8> as Chars<257>,
            doi: Vec<u8> as Chars<257>,
        }
    }

    record! {
        /// The result of [`NodeDeviceCreateXml`](super::NodeDeviceCreateXml).
        NodeDeviceCreateXml {
            dev: NodeDevice,
        }
    }

    record! {
        /// The result of [`StorageVolCreateXmlFrom`](super::StorageVolCreateXmlFrom).
        StorageVolCreateXmlFrom {
            vol: StorageVol,
        }
    }

    record! {
        /// The result of [`InterfaceLookupByName`](super::InterfaceLookupByName).
        InterfaceLookupByName {
            iface: Interface,
        }
    }

    record! {
        /// The result of [`InterfaceLookupByMacString`](super::InterfaceLookupByMacString).
        InterfaceLookupByMacString {
            iface: Interface,
        }
    }

    record! {
        /// The result of [`InterfaceGetXmlDesc`](super::InterfaceGetXmlDesc).
        InterfaceGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`InterfaceDefineXml`](super::InterfaceDefineXml).
        InterfaceDefineXml {
            iface: Interface,
        }
    }

    record! {
        /// The result of [`ConnectDomainXmlFromNative`](super::ConnectDomainXmlFromNative).
        ConnectDomainXmlFromNative {
            domain_xml: String as Strict,
        }
    }

    record! {
        /// The result of [`ConnectDomainXmlToNative`](super::ConnectDomainXmlToNative).
        ConnectDomainXmlToNative {
            native_config: String,
        }
    }

    record! {
        /// The result of [`SecretLookupByUuid`](super::SecretLookupByUuid).
        SecretLookupByUuid {
            secret: Secret,
        }
    }

    record! {
        /// The result of [`SecretDefineXml`](super::SecretDefineXml).
        SecretDefineXml {
            secret: Secret,
        }
    }

    record! {
        /// The result of [`SecretGetXmlDesc`](super::SecretGetXmlDesc).
        SecretGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`SecretGetValue`](super::SecretGetValue).
        SecretGetValue {
            value: Bytes as Opaque<65_536>,
        }
    }

    record! {
        /// The result of [`SecretLookupByUsage`](super::SecretLookupByUsage).
        SecretLookupByUsage {
            secret: Secret,
        }
    }

    record! {
        /// The result of [`ConnectIsSecure`](super::ConnectIsSecure).
        ConnectIsSecure {
            secure: i32,
        }
    }

    record! {
        /// The result of [`DomainIsActive`](super::DomainIsActive).
        DomainIsActive {
            active: i32,
        }
    }

    record! {
        /// The result of [`DomainIsPersistent`](super::DomainIsPersistent).
        DomainIsPersistent {
            persistent: i32,
        }
    }

    record! {
        /// The result of [`NetworkIsActive`](super::NetworkIsActive).
        NetworkIsActive {
            active: i32,
        }
    }

    record! {
        /// The result of [`NetworkIsPersistent`](super::NetworkIsPersistent).
        NetworkIsPersistent {
            persistent: i32,
        }
    }

    record! {
        /// The result of [`StoragePoolIsActive`](super::StoragePoolIsActive).
        StoragePoolIsActive {
            active: i32,
        }
    }

    record! {
        /// The result of [`StoragePoolIsPersistent`](super::StoragePoolIsPersistent).
        StoragePoolIsPersistent {
            persistent: i32,
        }
    }

    record! {
        /// The result of [`InterfaceIsActive`](super::InterfaceIsActive).
        InterfaceIsActive {
            active: i32,
        }
    }

    record! {
        /// The result of [`ConnectGetLibVersion`](super::ConnectGetLibVersion).
        ConnectGetLibVersion {
            lib_ver: u64,
        }
    }

    record! {
        /// The result of [`ConnectCompareCpu`](super::ConnectCompareCpu).
        ConnectCompareCpu {
            result: i32,
        }
    }

    record! {
        /// The result of [`DomainMemoryStats`](super::DomainMemoryStats).
        DomainMemoryStats {
            stats: Vec<DomainMemoryStat> as List<1024>,
        }
    }

    record! {
        /// The result of [`ConnectBaselineCpu`](super::ConnectBaselineCpu).
        ConnectBaselineCpu {
            cpu: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainGetJobInfo`](super::DomainGetJobInfo).
        DomainGetJobInfo {
            kind: i32,
            time_elapsed: u64,
            time_remaining: u64,
            data_total: u64,
            data_processed: u64,
            data_remaining: u64,
            mem_total: u64,
            mem_processed: u64,
            mem_remaining: u64,
            file_total: u64,
            file_processed: u64,
            file_remaining: u64,
        }
    }

    record! {
        /// The result of [`NwfilterLookupByName`](super::NwfilterLookupByName).
        NwfilterLookupByName {
            nwfilter: Nwfilter,
        }
    }

    record! {
        /// The result of [`NwfilterLookupByUuid`](super::NwfilterLookupByUuid).
        NwfilterLookupByUuid {
            nwfilter: Nwfilter,
        }
    }

    record! {
        /// The result of [`NwfilterGetXmlDesc`](super::NwfilterGetXmlDesc).
        NwfilterGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`NwfilterDefineXml`](super::NwfilterDefineXml).
        NwfilterDefineXml {
            nwfilter: Nwfilter,
        }
    }

    record! {
        /// The result of [`DomainHasManagedSaveImage`](super::DomainHasManagedSaveImage).
        DomainHasManagedSaveImage {
            result: i32,
        }
    }

    record! {
        /// The result of [`DomainSnapshotCreateXml`](super::DomainSnapshotCreateXml).
        DomainSnapshotCreateXml {
            snap: DomainSnapshot,
        }
    }

    record! {
        /// The result of [`DomainSnapshotGetXmlDesc`](super::DomainSnapshotGetXmlDesc).
        DomainSnapshotGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainSnapshotLookupByName`](super::DomainSnapshotLookupByName).
        DomainSnapshotLookupByName {
            snap: DomainSnapshot,
        }
    }

    record! {
        /// The result of [`DomainHasCurrentSnapshot`](super::DomainHasCurrentSnapshot).
        DomainHasCurrentSnapshot {
            result: i32,
        }
    }

    record! {
        /// The result of [`DomainSnapshotCurrent`](super::DomainSnapshotCurrent).
        DomainSnapshotCurrent {
            snap: DomainSnapshot,
        }
    }

    record! {
        /// The result of [`DomainGetBlockInfo`](super::DomainGetBlockInfo).
        DomainGetBlockInfo {
            allocation: u64,
            capacity: u64,
            physical: u64,
        }
    }

    record! {
        /// The result of [`DomainCreateWithFlags`](super::DomainCreateWithFlags).
        DomainCreateWithFlags {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`DomainGetMemoryParameters`](super::DomainGetMemoryParameters).
        DomainGetMemoryParameters {
            params: Vec<TypedParam> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainGetVcpusFlags`](super::DomainGetVcpusFlags).
        DomainGetVcpusFlags {
            num: i32,
        }
    }

    record! {
        /// The result of [`DomainIsUpdated`](super::DomainIsUpdated).
        DomainIsUpdated {
            updated: i32,
        }
    }

    record! {
        /// The result of [`ConnectGetSysinfo`](super::ConnectGetSysinfo).
        ConnectGetSysinfo {
            sysinfo: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainGetBlkioParameters`](super::DomainGetBlkioParameters).
        DomainGetBlkioParameters {
            params: Vec<TypedParam> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainScreenshot`](super::DomainScreenshot).
        DomainScreenshot {
            mime: Option<String>,
        }
    }

    record! {
        /// The result of [`DomainGetState`](super::DomainGetState).
        DomainGetState {
            state: i32,
            reason: i32,
        }
    }

    record! {
        /// The result of [`DomainMigrateBegin3`](super::DomainMigrateBegin3).
        DomainMigrateBegin3 {
            cookie_out: Bytes as Opaque<4_194_304>,
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainMigratePrepare3`](super::DomainMigratePrepare3).
        DomainMigratePrepare3 {
            cookie_out: Bytes as Opaque<4_194_304>,
            uri_out: Option<String>,
        }
    }

    record! {
        /// The result of [`DomainMigratePrepareTunnel3`](super::DomainMigratePrepareTunnel3).
        DomainMigratePrepareTunnel3 {
            cookie_out: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`DomainMigratePerform3`](super::DomainMigratePerform3).
        DomainMigratePerform3 {
            cookie_out: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`DomainMigrateFinish3`](super::DomainMigrateFinish3).
        DomainMigrateFinish3 {
            dom: Domain,
            cookie_out: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`NodeGetCpuStats`](super::NodeGetCpuStats).
        NodeGetCpuStats {
            params: Vec<NodeCpuStat> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`NodeGetMemoryStats`](super::NodeGetMemoryStats).
        NodeGetMemoryStats {
            params: Vec<NodeMemoryStat> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainGetControlInfo`](super::DomainGetControlInfo).
        DomainGetControlInfo {
            state: u32,
            details: u32,
            state_time: u64,
        }
    }

    record! {
        /// The result of [`DomainGetVcpuPinInfo`](super::DomainGetVcpuPinInfo).
        DomainGetVcpuPinInfo {
            cpumaps: Bytes as Opaque<8_388_608>,
            num: i32,
        }
    }

    record! {
        /// The result of [`DomainSaveImageGetXmlDesc`](super::DomainSaveImageGetXmlDesc).
        DomainSaveImageGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainGetBlockJobInfo`](super::DomainGetBlockJobInfo).
        DomainGetBlockJobInfo {
            found: i32,
            kind: i32,
            bandwidth: u64,
            cur: u64,
            end: u64,
        }
    }

    record! {
        /// The result of [`DomainMigrateGetMaxSpeed`](super::DomainMigrateGetMaxSpeed).
        DomainMigrateGetMaxSpeed {
            bandwidth: u64,
        }
    }

    record! {
        /// The result of [`DomainBlockStatsFlags`](super::DomainBlockStatsFlags).
        DomainBlockStatsFlags {
            params: Vec<TypedParam> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainSnapshotGetParent`](super::DomainSnapshotGetParent).
        DomainSnapshotGetParent {
            snap: DomainSnapshot,
        }
    }

    record! {
        /// The result of [`DomainGetBlockIoTune`](super::DomainGetBlockIoTune).
        DomainGetBlockIoTune {
            params: Vec<TypedParam> as List<32>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainGetNumaParameters`](super::DomainGetNumaParameters).
        DomainGetNumaParameters {
            params: Vec<TypedParam> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainGetInterfaceParameters`](super::DomainGetInterfaceParameters).
        DomainGetInterfaceParameters {
            params: Vec<TypedParam> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainGetCpuStats`](super::DomainGetCpuStats).
        DomainGetCpuStats {
            params: Vec<TypedParam> as List<2048>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainGetDiskErrors`](super::DomainGetDiskErrors).
        DomainGetDiskErrors {
            errors: Vec<DomainDiskError> as List<256>,
            nerrors: i32,
        }
    }

    record! {
        /// The result of [`DomainGetMetadata`](super::DomainGetMetadata).
        DomainGetMetadata {
            metadata: String,
        }
    }

    record! {
        /// The result of [`DomainSnapshotIsCurrent`](super::DomainSnapshotIsCurrent).
        DomainSnapshotIsCurrent {
            current: i32,
        }
    }

    record! {
        /// The result of [`DomainSnapshotHasMetadata`](super::DomainSnapshotHasMetadata).
        DomainSnapshotHasMetadata {
            metadata: i32,
        }
    }

    record! {
        /// The result of [`ConnectListAllDomains`](super::ConnectListAllDomains).
        ConnectListAllDomains {
            domains: Vec<Domain> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`DomainListAllSnapshots`](super::DomainListAllSnapshots).
        DomainListAllSnapshots {
            snapshots: Vec<DomainSnapshot> as List<16_384>,
            ret: i32,
        }
    }

    record! {
        /// The result of [`DomainSnapshotListAllChildren`](super::DomainSnapshotListAllChildren).
        DomainSnapshotListAllChildren {
            snapshots: Vec<DomainSnapshot> as List<16_384>,
            ret: i32,
        }
    }

    record! {
        /// The result of [`DomainGetHostname`](super::DomainGetHostname).
        DomainGetHostname {
            hostname: String,
        }
    }

    record! {
        /// The result of [`DomainGetEmulatorPinInfo`](super::DomainGetEmulatorPinInfo).
        DomainGetEmulatorPinInfo {
            cpumaps: Bytes as Opaque<8_388_608>,
            ret: i32,
        }
    }

    record! {
        /// The result of [`ConnectListAllStoragePools`](super::ConnectListAllStoragePools).
        ConnectListAllStoragePools {
            pools: Vec<StoragePool> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`StoragePoolListAllVolumes`](super::StoragePoolListAllVolumes).
        StoragePoolListAllVolumes {
            vols: Vec<StorageVol> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`ConnectListAllNetworks`](super::ConnectListAllNetworks).
        ConnectListAllNetworks {
            nets: Vec<Network> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`ConnectListAllInterfaces`](super::ConnectListAllInterfaces).
        ConnectListAllInterfaces {
            ifaces: Vec<Interface> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`ConnectListAllNodeDevices`](super::ConnectListAllNodeDevices).
        ConnectListAllNodeDevices {
            devices: Vec<NodeDevice> as List<65_536>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`ConnectListAllNwfilters`](super::ConnectListAllNwfilters).
        ConnectListAllNwfilters {
            filters: Vec<Nwfilter> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`ConnectListAllSecrets`](super::ConnectListAllSecrets).
        ConnectListAllSecrets {
            secrets: Vec<Secret> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`NodeGetCpuMap`](super::NodeGetCpuMap).
        NodeGetCpuMap {
            cpumap: Bytes as Opaque<2048>,
            online: u32,
            ret: i32,
        }
    }

    record! {
        /// The result of [`NodeDeviceLookupScsiHostByWwn`](super::NodeDeviceLookupScsiHostByWwn).
        NodeDeviceLookupScsiHostByWwn {
            dev: NodeDevice,
        }
    }

    record! {
        /// The result of [`DomainGetJobStats`](super::DomainGetJobStats).
        DomainGetJobStats {
            kind: i32,
            params: Vec<TypedParam> as List<64>,
        }
    }

    record! {
        /// The result of [`DomainMigrateGetCompressionCache`](super::DomainMigrateGetCompressionCache).
        DomainMigrateGetCompressionCache {
            cache_size: u64,
        }
    }

    record! {
        /// The result of [`DomainMigrateBegin3Params`](super::DomainMigrateBegin3Params).
        DomainMigrateBegin3Params {
            cookie_out: Bytes as Opaque<4_194_304>,
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainMigratePrepare3Params`](super::DomainMigratePrepare3Params).
        DomainMigratePrepare3Params {
            cookie_out: Bytes as Opaque<4_194_304>,
            uri_out: Option<String>,
        }
    }

    record! {
        /// The result of [`DomainMigratePrepareTunnel3Params`](super::DomainMigratePrepareTunnel3Params).
        DomainMigratePrepareTunnel3Params {
            cookie_out: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`DomainMigratePerform3Params`](super::DomainMigratePerform3Params).
        DomainMigratePerform3Params {
            cookie_out: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`DomainMigrateFinish3Params`](super::DomainMigrateFinish3Params).
        DomainMigrateFinish3Params {
            dom: Domain,
            cookie_out: Bytes as Opaque<4_194_304>,
        }
    }

    record! {
        /// The result of [`DomainCreateXmlWithFiles`](super::DomainCreateXmlWithFiles).
        DomainCreateXmlWithFiles {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`DomainCreateWithFiles`](super::DomainCreateWithFiles).
        DomainCreateWithFiles {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`ConnectGetCpuModelNames`](super::ConnectGetCpuModelNames).
        ConnectGetCpuModelNames {
            models: Vec<String> as List<8192>,
            ret: i32,
        }
    }

    record! {
        /// The result of [`ConnectNetworkEventRegisterAny`](super::ConnectNetworkEventRegisterAny).
        ConnectNetworkEventRegisterAny {
            callback_id: i32,
        }
    }

    record! {
        /// The result of [`ConnectDomainEventCallbackRegisterAny`](super::ConnectDomainEventCallbackRegisterAny).
        ConnectDomainEventCallbackRegisterAny {
            callback_id: i32,
        }
    }

    record! {
        /// The result of [`DomainFsfreeze`](super::DomainFsfreeze).
        DomainFsfreeze {
            filesystems: i32,
        }
    }

    record! {
        /// The result of [`DomainFsthaw`](super::DomainFsthaw).
        DomainFsthaw {
            filesystems: i32,
        }
    }

    record! {
        /// The result of [`DomainGetTime`](super::DomainGetTime).
        DomainGetTime {
            seconds: i64,
            nseconds: u32,
        }
    }

    record! {
        /// The result of [`NodeGetFreePages`](super::NodeGetFreePages).
        NodeGetFreePages {
            counts: Vec<u64> as List<1024>,
        }
    }

    record! {
        /// The result of [`NetworkGetDhcpLeases`](super::NetworkGetDhcpLeases).
        NetworkGetDhcpLeases {
            leases: Vec<NetworkDhcpLease> as List<65_536>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`ConnectGetDomainCapabilities`](super::ConnectGetDomainCapabilities).
        ConnectGetDomainCapabilities {
            capabilities: String as Strict,
        }
    }

    record! {
        /// The result of [`ConnectGetAllDomainStats`](super::ConnectGetAllDomainStats).
        ConnectGetAllDomainStats {
            ret_stats: Vec<DomainStatsRecord> as List<16_384>,
        }
    }

    record! {
        /// The result of [`DomainGetFsinfo`](super::DomainGetFsinfo).
        DomainGetFsinfo {
            info: Vec<DomainFsinfo> as List<256>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`DomainDefineXmlFlags`](super::DomainDefineXmlFlags).
        DomainDefineXmlFlags {
            dom: Domain,
        }
    }

    record! {
        /// The result of [`DomainGetIothreadInfo`](super::DomainGetIothreadInfo).
        DomainGetIothreadInfo {
            info: Vec<DomainIothreadInfo> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`DomainInterfaceAddresses`](super::DomainInterfaceAddresses).
        DomainInterfaceAddresses {
            ifaces: Vec<DomainInterface> as List<2048>,
        }
    }

    record! {
        /// The result of [`DomainRename`](super::DomainRename).
        DomainRename {
            retcode: i32,
        }
    }

    record! {
        /// The result of [`ConnectStoragePoolEventRegisterAny`](super::ConnectStoragePoolEventRegisterAny).
        ConnectStoragePoolEventRegisterAny {
            callback_id: i32,
        }
    }

    record! {
        /// The result of [`DomainGetGuestVcpus`](super::DomainGetGuestVcpus).
        DomainGetGuestVcpus {
            params: Vec<TypedParam> as List<64>,
        }
    }

    record! {
        /// The result of [`ConnectNodeDeviceEventRegisterAny`](super::ConnectNodeDeviceEventRegisterAny).
        ConnectNodeDeviceEventRegisterAny {
            callback_id: i32,
        }
    }

    record! {
        /// The result of [`StorageVolGetInfoFlags`](super::StorageVolGetInfoFlags).
        StorageVolGetInfoFlags {
            kind: i8,
            capacity: u64,
            allocation: u64,
        }
    }

    record! {
        /// The result of [`ConnectSecretEventRegisterAny`](super::ConnectSecretEventRegisterAny).
        ConnectSecretEventRegisterAny {
            callback_id: i32,
        }
    }

    record! {
        /// The result of [`DomainMigrateGetMaxDowntime`](super::DomainMigrateGetMaxDowntime).
        DomainMigrateGetMaxDowntime {
            downtime: u64,
        }
    }

    record! {
        /// The result of [`DomainManagedSaveGetXmlDesc`](super::DomainManagedSaveGetXmlDesc).
        DomainManagedSaveGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`StoragePoolLookupByTargetPath`](super::StoragePoolLookupByTargetPath).
        StoragePoolLookupByTargetPath {
            pool: StoragePool,
        }
    }

    record! {
        /// The result of [`ConnectCompareHypervisorCpu`](super::ConnectCompareHypervisorCpu).
        ConnectCompareHypervisorCpu {
            result: i32,
        }
    }

    record! {
        /// The result of [`ConnectBaselineHypervisorCpu`](super::ConnectBaselineHypervisorCpu).
        ConnectBaselineHypervisorCpu {
            cpu: String as Strict,
        }
    }

    record! {
        /// The result of [`NodeGetSevInfo`](super::NodeGetSevInfo).
        NodeGetSevInfo {
            params: Vec<TypedParam> as List<64>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`DomainGetLaunchSecurityInfo`](super::DomainGetLaunchSecurityInfo).
        DomainGetLaunchSecurityInfo {
            params: Vec<TypedParam> as List<64>,
        }
    }

    record! {
        /// The result of [`NwfilterBindingLookupByPortDev`](super::NwfilterBindingLookupByPortDev).
        NwfilterBindingLookupByPortDev {
            nwfilter: NwfilterBinding,
        }
    }

    record! {
        /// The result of [`NwfilterBindingGetXmlDesc`](super::NwfilterBindingGetXmlDesc).
        NwfilterBindingGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`NwfilterBindingCreateXml`](super::NwfilterBindingCreateXml).
        NwfilterBindingCreateXml {
            nwfilter: NwfilterBinding,
        }
    }

    record! {
        /// The result of [`ConnectListAllNwfilterBindings`](super::ConnectListAllNwfilterBindings).
        ConnectListAllNwfilterBindings {
            bindings: Vec<NwfilterBinding> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`ConnectGetStoragePoolCapabilities`](super::ConnectGetStoragePoolCapabilities).
        ConnectGetStoragePoolCapabilities {
            capabilities: String as Strict,
        }
    }

    record! {
        /// The result of [`NetworkListAllPorts`](super::NetworkListAllPorts).
        NetworkListAllPorts {
            ports: Vec<NetworkPort> as List<16_384>,
            ret: u32,
        }
    }

    record! {
        /// The result of [`NetworkPortLookupByUuid`](super::NetworkPortLookupByUuid).
        NetworkPortLookupByUuid {
            port: NetworkPort,
        }
    }

    record! {
        /// The result of [`NetworkPortCreateXml`](super::NetworkPortCreateXml).
        NetworkPortCreateXml {
            port: NetworkPort,
        }
    }

    record! {
        /// The result of [`NetworkPortGetParameters`](super::NetworkPortGetParameters).
        NetworkPortGetParameters {
            params: Vec<TypedParam> as List<16>,
            nparams: i32,
        }
    }

    record! {
        /// The result of [`NetworkPortGetXmlDesc`](super::NetworkPortGetXmlDesc).
        NetworkPortGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainCheckpointCreateXml`](super::DomainCheckpointCreateXml).
        DomainCheckpointCreateXml {
            checkpoint: DomainCheckpoint,
        }
    }

    record! {
        /// The result of [`DomainCheckpointGetXmlDesc`](super::DomainCheckpointGetXmlDesc).
        DomainCheckpointGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainListAllCheckpoints`](super::DomainListAllCheckpoints).
        DomainListAllCheckpoints {
            checkpoints: Vec<DomainCheckpoint> as List<16_384>,
            ret: i32,
        }
    }

    record! {
        /// The result of [`DomainCheckpointListAllChildren`](super::DomainCheckpointListAllChildren).
        DomainCheckpointListAllChildren {
            checkpoints: Vec<DomainCheckpoint> as List<16_384>,
            ret: i32,
        }
    }

    record! {
        /// The result of [`DomainCheckpointLookupByName`](super::DomainCheckpointLookupByName).
        DomainCheckpointLookupByName {
            checkpoint: DomainCheckpoint,
        }
    }

    record! {
        /// The result of [`DomainCheckpointGetParent`](super::DomainCheckpointGetParent).
        DomainCheckpointGetParent {
            parent: DomainCheckpoint,
        }
    }

    record! {
        /// The result of [`DomainGetGuestInfo`](super::DomainGetGuestInfo).
        DomainGetGuestInfo {
            params: Vec<TypedParam> as List<2048>,
        }
    }

    record! {
        /// The result of [`DomainAgentSetResponseTimeout`](super::DomainAgentSetResponseTimeout).
        DomainAgentSetResponseTimeout {
            result: i32,
        }
    }

    record! {
        /// The result of [`DomainBackupGetXmlDesc`](super::DomainBackupGetXmlDesc).
        DomainBackupGetXmlDesc {
            xml: String as Strict,
        }
    }

    record! {
        /// The result of [`DomainAuthorizedSshKeysGet`](super::DomainAuthorizedSshKeysGet).
        DomainAuthorizedSshKeysGet {
            keys: Vec<String> as List<2048>,
        }
    }

    record! {
        /// The result of [`DomainGetMessages`](super::DomainGetMessages).
        DomainGetMessages {
            msgs: Vec<String> as List<2048>,
        }
    }

    record! {
        /// The result of [`NodeDeviceDefineXml`](super::NodeDeviceDefineXml).
        NodeDeviceDefineXml {
            dev: NodeDevice,
        }
    }

    record! {
        /// The result of [`NwfilterDefineXmlFlags`](super::NwfilterDefineXmlFlags).
        NwfilterDefineXmlFlags {
            nwfilter: Nwfilter,
        }
    }

    record! {
        /// The result of [`NetworkDefineXmlFlags`](super::NetworkDefineXmlFlags).
        NetworkDefineXmlFlags {
            net: Network,
        }
    }

    record! {
        /// The result of [`NodeDeviceGetAutostart`](super::NodeDeviceGetAutostart).
        NodeDeviceGetAutostart {
            autostart: i32,
        }
    }

    record! {
        /// The result of [`NodeDeviceIsPersistent`](super::NodeDeviceIsPersistent).
        NodeDeviceIsPersistent {
            persistent: i32,
        }
    }

    record! {
        /// The result of [`NodeDeviceIsActive`](super::NodeDeviceIsActive).
        NodeDeviceIsActive {
            active: i32,
        }
    }

    record! {
        /// The result of [`NetworkCreateXmlFlags`](super::NetworkCreateXmlFlags).
        NetworkCreateXmlFlags {
            net: Network,
        }
    }

    record! {
        /// The result of [`NetworkGetMetadata`](super::NetworkGetMetadata).
        NetworkGetMetadata {
            metadata: String,
        }
    }

    record! {
        /// The result of [`DomainGetAutostartOnce`](super::DomainGetAutostartOnce).
        DomainGetAutostartOnce {
            autostart: i32,
        }
    }

    record! {
        /// The result of [`DomainMonitorCommand`](super::DomainMonitorCommand).
        DomainMonitorCommand {
            result: String,
        }
    }

    record! {
        /// The result of [`DomainAgentCommand`](super::DomainAgentCommand).
        DomainAgentCommand {
            result: Option<String>,
        }
    }

    record! {
        /// The result of [`ConnectDomainMonitorEventRegister`](super::ConnectDomainMonitorEventRegister).
        ConnectDomainMonitorEventRegister {
            callback_id: i32,
        }
    }
}

events! {
    NetworkLifecycle = Remote 315 {
        callback_id: i32,
        net: Network,
        event: i32,
        detail: i32,
    }
    DomainLifecycle = Remote 318 {
        callback_id: i32,
        dom: Domain,
        event: i32,
        detail: i32,
    }
    DomainReboot = Remote 319 {
        callback_id: i32,
        dom: Domain,
    }
    DomainRtcChange = Remote 320 {
        callback_id: i32,
        dom: Domain,
        offset: i64,
    }
    DomainWatchdog = Remote 321 {
        callback_id: i32,
        dom: Domain,
        action: i32,
    }
    DomainIoError = Remote 322 {
        callback_id: i32,
        dom: Domain,
        src_path: String,
        dev_alias: String,
        action: i32,
    }
    DomainGraphics = Remote 323 {
        callback_id: i32,
        dom: Domain,
        phase: i32,
        local: DomainEventGraphicsAddress,
        remote: DomainEventGraphicsAddress,
        auth_scheme: String,
        subject: Vec<DomainEventGraphicsIdentity> as List<20>,
    }
    DomainIoErrorReason = Remote 324 {
        callback_id: i32,
        dom: Domain,
        src_path: String,
        dev_alias: String,
        action: i32,
        reason: String,
    }
    DomainControlError = Remote 325 {
        callback_id: i32,
        dom: Domain,
    }
    DomainBlockJob = Remote 326 {
        callback_id: i32,
        dom: Domain,
        path: String,
        kind: i32,
        status: i32,
    }
    DomainDiskChange = Remote 327 {
        callback_id: i32,
        dom: Domain,
        old_src_path: Option<String>,
        new_src_path: Option<String>,
        dev_alias: String,
        reason: i32,
    }
    DomainTrayChange = Remote 328 {
        callback_id: i32,
        dom: Domain,
        dev_alias: String,
        reason: i32,
    }
    DomainPmwakeup = Remote 329 {
        callback_id: i32,
        reason: i32,
        dom: Domain,
    }
    DomainPmsuspend = Remote 330 {
        callback_id: i32,
        reason: i32,
        dom: Domain,
    }
    DomainBalloonChange = Remote 331 {
        callback_id: i32,
        dom: Domain,
        actual: u64,
    }
    DomainPmsuspendDisk = Remote 332 {
        callback_id: i32,
        reason: i32,
        dom: Domain,
    }
    DomainDeviceRemoved = Remote 333 {
        callback_id: i32,
        dom: Domain,
        dev_alias: String,
    }
    DomainBlockJob2 = Remote 339 {
        callback_id: i32,
        dom: Domain,
        dst: String,
        kind: i32,
        status: i32,
    }
    DomainTunable = Remote 346 {
        callback_id: i32,
        dom: Domain,
        params: Vec<TypedParam> as List<2048>,
    }
    DomainAgentLifecycle = Remote 348 {
        callback_id: i32,
        dom: Domain,
        state: i32,
        reason: i32,
    }
    DomainDeviceAdded = Remote 354 {
        callback_id: i32,
        dom: Domain,
        dev_alias: String,
    }
    DomainMigrationIteration = Remote 359 {
        callback_id: i32,
        dom: Domain,
        iteration: i32,
    }
    ConnectConnectionClosed = Remote 362 {
        reason: i32,
    }
    DomainJobCompleted = Remote 363 {
        callback_id: i32,
        dom: Domain,
        params: Vec<TypedParam> as List<64>,
    }
    DomainDeviceRemovalFailed = Remote 367 {
        callback_id: i32,
        dom: Domain,
        dev_alias: String,
    }
    StoragePoolLifecycle = Remote 370 {
        callback_id: i32,
        pool: StoragePool,
        event: i32,
        detail: i32,
    }
    StoragePoolRefresh = Remote 373 {
        callback_id: i32,
        pool: StoragePool,
    }
    NodeDeviceLifecycle = Remote 376 {
        callback_id: i32,
        dev: NodeDevice,
        event: i32,
        detail: i32,
    }
    NodeDeviceUpdate = Remote 377 {
        callback_id: i32,
        dev: NodeDevice,
    }
    DomainMetadataChange = Remote 379 {
        callback_id: i32,
        dom: Domain,
        kind: i32,
        nsuri: Option<String>,
    }
    SecretLifecycle = Remote 382 {
        callback_id: i32,
        secret: Secret,
        event: i32,
        detail: i32,
    }
    SecretValueChanged = Remote 383 {
        callback_id: i32,
        secret: Secret,
    }
    DomainBlockThreshold = Remote 385 {
        callback_id: i32,
        dom: Domain,
        dev: String,
        path: Option<String>,
        threshold: u64,
        excess: u64,
    }
    DomainMemoryFailure = Remote 423 {
        callback_id: i32,
        dom: Domain,
        recipient: i32,
        action: i32,
        flags: u32,
    }
    DomainMemoryDeviceSizeChange = Remote 438 {
        callback_id: i32,
        dom: Domain,
        alias: String,
        size: u64,
    }
    NetworkMetadataChange = Remote 446 {
        callback_id: i32,
        net: Network,
        kind: i32,
        nsuri: Option<String>,
    }
    DomainNicMacChange = Remote 453 {
        callback_id: i32,
        dom: Domain,
        alias: String,
        old_mac: String,
        new_mac: String,
    }
    DomainVcpuRemoved = Remote 454 {
        callback_id: i32,
        dom: Domain,
        vcpuid: u32,
    }
    DomainChannelLifecycle = Remote 455 {
        callback_id: i32,
        dom: Domain,
        channel_name: String,
        state: i32,
        reason: i32,
    }
    DomainMonitor = Qemu 6 {
        callback_id: i32,
        dom: Domain,
        event: String,
        seconds: i64,
        micros: u32,
        details: Option<String>,
    }
}

#[cfg(test)]
macro_rules! every_structure {
    ($visit:ident) => {
        $visit!($crate::procedure::ConnectOpen);
        $visit!($crate::procedure::ConnectClose);
        $visit!($crate::procedure::ConnectGetType);
        $visit!($crate::procedure::ret::ConnectGetType);
        $visit!($crate::procedure::ConnectGetVersion);
        $visit!($crate::procedure::ret::ConnectGetVersion);
        $visit!($crate::procedure::ConnectGetMaxVcpus);
        $visit!($crate::procedure::ret::ConnectGetMaxVcpus);
        $visit!($crate::procedure::NodeGetInfo);
        $visit!($crate::procedure::ret::NodeGetInfo);
        $visit!($crate::procedure::ConnectGetCapabilities);
        $visit!($crate::procedure::ret::ConnectGetCapabilities);
        $visit!($crate::procedure::DomainAttachDevice);
        $visit!($crate::procedure::DomainCreate);
        $visit!($crate::procedure::DomainCreateXml);
        $visit!($crate::procedure::ret::DomainCreateXml);
        $visit!($crate::procedure::DomainDefineXml);
        $visit!($crate::procedure::ret::DomainDefineXml);
        $visit!($crate::procedure::DomainDestroy);
        $visit!($crate::procedure::DomainDetachDevice);
        $visit!($crate::procedure::DomainGetXmlDesc);
        $visit!($crate::procedure::ret::DomainGetXmlDesc);
        $visit!($crate::procedure::DomainGetAutostart);
        $visit!($crate::procedure::ret::DomainGetAutostart);
        $visit!($crate::procedure::DomainGetInfo);
        $visit!($crate::procedure::ret::DomainGetInfo);
        $visit!($crate::procedure::DomainGetOsType);
        $visit!($crate::procedure::ret::DomainGetOsType);
        $visit!($crate::procedure::DomainGetVcpus);
        $visit!($crate::procedure::ret::DomainGetVcpus);
        $visit!($crate::procedure::DomainLookupById);
        $visit!($crate::procedure::ret::DomainLookupById);
        $visit!($crate::procedure::DomainLookupByName);
        $visit!($crate::procedure::ret::DomainLookupByName);
        $visit!($crate::procedure::DomainLookupByUuid);
        $visit!($crate::procedure::ret::DomainLookupByUuid);
        $visit!($crate::procedure::DomainReboot);
        $visit!($crate::procedure::DomainResume);
        $visit!($crate::procedure::DomainSetAutostart);
        $visit!($crate::procedure::DomainSetMaxMemory);
        $visit!($crate::procedure::DomainSetMemory);
        $visit!($crate::procedure::DomainShutdown);
        $visit!($crate::procedure::DomainSuspend);
        $visit!($crate::procedure::DomainUndefine);
        $visit!($crate::procedure::NetworkCreate);
        $visit!($crate::procedure::NetworkCreateXml);
        $visit!($crate::procedure::ret::NetworkCreateXml);
        $visit!($crate::procedure::NetworkDefineXml);
        $visit!($crate::procedure::ret::NetworkDefineXml);
        $visit!($crate::procedure::NetworkDestroy);
        $visit!($crate::procedure::NetworkGetXmlDesc);
        $visit!($crate::procedure::ret::NetworkGetXmlDesc);
        $visit!($crate::procedure::NetworkGetAutostart);
        $visit!($crate::procedure::ret::NetworkGetAutostart);
        $visit!($crate::procedure::NetworkGetBridgeName);
        $visit!($crate::procedure::ret::NetworkGetBridgeName);
        $visit!($crate::procedure::NetworkLookupByName);
        $visit!($crate::procedure::ret::NetworkLookupByName);
        $visit!($crate::procedure::NetworkLookupByUuid);
        $visit!($crate::procedure::ret::NetworkLookupByUuid);
        $visit!($crate::procedure::NetworkSetAutostart);
        $visit!($crate::procedure::NetworkUndefine);
        $visit!($crate::procedure::DomainCoreDump);
        $visit!($crate::procedure::DomainRestore);
        $visit!($crate::procedure::DomainSave);
        $visit!($crate::procedure::ConnectGetHostname);
        $visit!($crate::procedure::ret::ConnectGetHostname);
        $visit!($crate::procedure::ConnectSupportsFeature);
        $visit!($crate::procedure::ret::ConnectSupportsFeature);
        $visit!($crate::procedure::DomainBlockStats);
        $visit!($crate::procedure::ret::DomainBlockStats);
        $visit!($crate::procedure::DomainInterfaceStats);
        $visit!($crate::procedure::ret::DomainInterfaceStats);
        $visit!($crate::procedure::AuthList);
        $visit!($crate::procedure::ret::AuthList);
        $visit!($crate::procedure::AuthSaslInit);
        $visit!($crate::procedure::ret::AuthSaslInit);
        $visit!($crate::procedure::AuthSaslStart);
        $visit!($crate::procedure::ret::AuthSaslStart);
        $visit!($crate::procedure::AuthSaslStep);
        $visit!($crate::procedure::ret::AuthSaslStep);
        $visit!($crate::procedure::AuthPolkit);
        $visit!($crate::procedure::ret::AuthPolkit);
        $visit!($crate::procedure::ConnectFindStoragePoolSources);
        $visit!($crate::procedure::ret::ConnectFindStoragePoolSources);
        $visit!($crate::procedure::StoragePoolCreateXml);
        $visit!($crate::procedure::ret::StoragePoolCreateXml);
        $visit!($crate::procedure::StoragePoolDefineXml);
        $visit!($crate::procedure::ret::StoragePoolDefineXml);
        $visit!($crate::procedure::StoragePoolCreate);
        $visit!($crate::procedure::StoragePoolBuild);
        $visit!($crate::procedure::StoragePoolDestroy);
        $visit!($crate::procedure::StoragePoolDelete);
        $visit!($crate::procedure::StoragePoolUndefine);
        $visit!($crate::procedure::StoragePoolRefresh);
        $visit!($crate::procedure::StoragePoolLookupByName);
        $visit!($crate::procedure::ret::StoragePoolLookupByName);
        $visit!($crate::procedure::StoragePoolLookupByUuid);
        $visit!($crate::procedure::ret::StoragePoolLookupByUuid);
        $visit!($crate::procedure::StoragePoolLookupByVolume);
        $visit!($crate::procedure::ret::StoragePoolLookupByVolume);
        $visit!($crate::procedure::StoragePoolGetInfo);
        $visit!($crate::procedure::ret::StoragePoolGetInfo);
        $visit!($crate::procedure::StoragePoolGetXmlDesc);
        $visit!($crate::procedure::ret::StoragePoolGetXmlDesc);
        $visit!($crate::procedure::StoragePoolGetAutostart);
        $visit!($crate::procedure::ret::StoragePoolGetAutostart);
        $visit!($crate::procedure::StoragePoolSetAutostart);
        $visit!($crate::procedure::StorageVolCreateXml);
        $visit!($crate::procedure::ret::StorageVolCreateXml);
        $visit!($crate::procedure::StorageVolDelete);
        $visit!($crate::procedure::StorageVolLookupByName);
        $visit!($crate::procedure::ret::StorageVolLookupByName);
        $visit!($crate::procedure::StorageVolLookupByKey);
        $visit!($crate::procedure::ret::StorageVolLookupByKey);
        $visit!($crate::procedure::StorageVolLookupByPath);
        $visit!($crate::procedure::ret::StorageVolLookupByPath);
        $visit!($crate::procedure::StorageVolGetInfo);
        $visit!($crate::procedure::ret::StorageVolGetInfo);
        $visit!($crate::procedure::StorageVolGetXmlDesc);
        $visit!($crate::procedure::ret::StorageVolGetXmlDesc);
        $visit!($crate::procedure::StorageVolGetPath);
        $visit!($crate::procedure::ret::StorageVolGetPath);
        $visit!($crate::procedure::NodeGetCellsFreeMemory);
        $visit!($crate::procedure::ret::NodeGetCellsFreeMemory);
        $visit!($crate::procedure::NodeGetFreeMemory);
        $visit!($crate::procedure::ret::NodeGetFreeMemory);
        $visit!($crate::procedure::DomainBlockPeek);
        $visit!($crate::procedure::ret::DomainBlockPeek);
        $visit!($crate::procedure::DomainMemoryPeek);
        $visit!($crate::procedure::ret::DomainMemoryPeek);
        $visit!($crate::procedure::ConnectGetUri);
        $visit!($crate::procedure::ret::ConnectGetUri);
        $visit!($crate::procedure::NodeDeviceLookupByName);
        $visit!($crate::procedure::ret::NodeDeviceLookupByName);
        $visit!($crate::procedure::NodeDeviceGetXmlDesc);
        $visit!($crate::procedure::ret::NodeDeviceGetXmlDesc);
        $visit!($crate::procedure::NodeDeviceGetParent);
        $visit!($crate::procedure::ret::NodeDeviceGetParent);
        $visit!($crate::procedure::NodeDeviceListCaps);
        $visit!($crate::procedure::ret::NodeDeviceListCaps);
        $visit!($crate::procedure::NodeDeviceDettach);
        $visit!($crate::procedure::NodeDeviceReAttach);
        $visit!($crate::procedure::NodeDeviceReset);
        $visit!($crate::procedure::NodeGetSecurityModel);
        $visit!($crate::procedure::ret::NodeGetSecurityModel);
        $visit!($crate::procedure::NodeDeviceCreateXml);
        $visit!($crate::procedure::ret::NodeDeviceCreateXml);
        $visit!($crate::procedure::NodeDeviceDestroy);
        $visit!($crate::procedure::StorageVolCreateXmlFrom);
        $visit!($crate::procedure::ret::StorageVolCreateXmlFrom);
        $visit!($crate::procedure::InterfaceLookupByName);
        $visit!($crate::procedure::ret::InterfaceLookupByName);
        $visit!($crate::procedure::InterfaceLookupByMacString);
        $visit!($crate::procedure::ret::InterfaceLookupByMacString);
        $visit!($crate::procedure::InterfaceGetXmlDesc);
        $visit!($crate::procedure::ret::InterfaceGetXmlDesc);
        $visit!($crate::procedure::InterfaceDefineXml);
        $visit!($crate::procedure::ret::InterfaceDefineXml);
        $visit!($crate::procedure::InterfaceUndefine);
        $visit!($crate::procedure::InterfaceCreate);
        $visit!($crate::procedure::InterfaceDestroy);
        $visit!($crate::procedure::ConnectDomainXmlFromNative);
        $visit!($crate::procedure::ret::ConnectDomainXmlFromNative);
        $visit!($crate::procedure::ConnectDomainXmlToNative);
        $visit!($crate::procedure::ret::ConnectDomainXmlToNative);
        $visit!($crate::procedure::SecretLookupByUuid);
        $visit!($crate::procedure::ret::SecretLookupByUuid);
        $visit!($crate::procedure::SecretDefineXml);
        $visit!($crate::procedure::ret::SecretDefineXml);
        $visit!($crate::procedure::SecretGetXmlDesc);
        $visit!($crate::procedure::ret::SecretGetXmlDesc);
        $visit!($crate::procedure::SecretSetValue);
        $visit!($crate::procedure::SecretGetValue);
        $visit!($crate::procedure::ret::SecretGetValue);
        $visit!($crate::procedure::SecretUndefine);
        $visit!($crate::procedure::SecretLookupByUsage);
        $visit!($crate::procedure::ret::SecretLookupByUsage);
        $visit!($crate::procedure::ConnectIsSecure);
        $visit!($crate::procedure::ret::ConnectIsSecure);
        $visit!($crate::procedure::DomainIsActive);
        $visit!($crate::procedure::ret::DomainIsActive);
        $visit!($crate::procedure::DomainIsPersistent);
        $visit!($crate::procedure::ret::DomainIsPersistent);
        $visit!($crate::procedure::NetworkIsActive);
        $visit!($crate::procedure::ret::NetworkIsActive);
        $visit!($crate::procedure::NetworkIsPersistent);
        $visit!($crate::procedure::ret::NetworkIsPersistent);
        $visit!($crate::procedure::StoragePoolIsActive);
        $visit!($crate::procedure::ret::StoragePoolIsActive);
        $visit!($crate::procedure::StoragePoolIsPersistent);
        $visit!($crate::procedure::ret::StoragePoolIsPersistent);
        $visit!($crate::procedure::InterfaceIsActive);
        $visit!($crate::procedure::ret::InterfaceIsActive);
        $visit!($crate::procedure::ConnectGetLibVersion);
        $visit!($crate::procedure::ret::ConnectGetLibVersion);
        $visit!($crate::procedure::ConnectCompareCpu);
        $visit!($crate::procedure::ret::ConnectCompareCpu);
        $visit!($crate::procedure::DomainMemoryStats);
        $visit!($crate::procedure::ret::DomainMemoryStats);
        $visit!($crate::procedure::DomainAttachDeviceFlags);
        $visit!($crate::procedure::DomainDetachDeviceFlags);
        $visit!($crate::procedure::ConnectBaselineCpu);
        $visit!($crate::procedure::ret::ConnectBaselineCpu);
        $visit!($crate::procedure::DomainGetJobInfo);
        $visit!($crate::procedure::ret::DomainGetJobInfo);
        $visit!($crate::procedure::DomainAbortJob);
        $visit!($crate::procedure::StorageVolWipe);
        $visit!($crate::procedure::DomainMigrateSetMaxDowntime);
        $visit!($crate::procedure::DomainUpdateDeviceFlags);
        $visit!($crate::procedure::NwfilterLookupByName);
        $visit!($crate::procedure::ret::NwfilterLookupByName);
        $visit!($crate::procedure::NwfilterLookupByUuid);
        $visit!($crate::procedure::ret::NwfilterLookupByUuid);
        $visit!($crate::procedure::NwfilterGetXmlDesc);
        $visit!($crate::procedure::ret::NwfilterGetXmlDesc);
        $visit!($crate::procedure::NwfilterDefineXml);
        $visit!($crate::procedure::ret::NwfilterDefineXml);
        $visit!($crate::procedure::NwfilterUndefine);
        $visit!($crate::procedure::DomainManagedSave);
        $visit!($crate::procedure::DomainHasManagedSaveImage);
        $visit!($crate::procedure::ret::DomainHasManagedSaveImage);
        $visit!($crate::procedure::DomainManagedSaveRemove);
        $visit!($crate::procedure::DomainSnapshotCreateXml);
        $visit!($crate::procedure::ret::DomainSnapshotCreateXml);
        $visit!($crate::procedure::DomainSnapshotGetXmlDesc);
        $visit!($crate::procedure::ret::DomainSnapshotGetXmlDesc);
        $visit!($crate::procedure::DomainSnapshotLookupByName);
        $visit!($crate::procedure::ret::DomainSnapshotLookupByName);
        $visit!($crate::procedure::DomainHasCurrentSnapshot);
        $visit!($crate::procedure::ret::DomainHasCurrentSnapshot);
        $visit!($crate::procedure::DomainSnapshotCurrent);
        $visit!($crate::procedure::ret::DomainSnapshotCurrent);
        $visit!($crate::procedure::DomainRevertToSnapshot);
        $visit!($crate::procedure::DomainSnapshotDelete);
        $visit!($crate::procedure::DomainGetBlockInfo);
        $visit!($crate::procedure::ret::DomainGetBlockInfo);
        $visit!($crate::procedure::DomainCreateWithFlags);
        $visit!($crate::procedure::ret::DomainCreateWithFlags);
        $visit!($crate::procedure::DomainSetMemoryParameters);
        $visit!($crate::procedure::DomainGetMemoryParameters);
        $visit!($crate::procedure::ret::DomainGetMemoryParameters);
        $visit!($crate::procedure::DomainSetVcpusFlags);
        $visit!($crate::procedure::DomainGetVcpusFlags);
        $visit!($crate::procedure::ret::DomainGetVcpusFlags);
        $visit!($crate::procedure::DomainOpenConsole);
        $visit!($crate::procedure::DomainIsUpdated);
        $visit!($crate::procedure::ret::DomainIsUpdated);
        $visit!($crate::procedure::ConnectGetSysinfo);
        $visit!($crate::procedure::ret::ConnectGetSysinfo);
        $visit!($crate::procedure::DomainSetMemoryFlags);
        $visit!($crate::procedure::DomainSetBlkioParameters);
        $visit!($crate::procedure::DomainGetBlkioParameters);
        $visit!($crate::procedure::ret::DomainGetBlkioParameters);
        $visit!($crate::procedure::DomainMigrateSetMaxSpeed);
        $visit!($crate::procedure::StorageVolUpload);
        $visit!($crate::procedure::StorageVolDownload);
        $visit!($crate::procedure::DomainInjectNmi);
        $visit!($crate::procedure::DomainScreenshot);
        $visit!($crate::procedure::ret::DomainScreenshot);
        $visit!($crate::procedure::DomainGetState);
        $visit!($crate::procedure::ret::DomainGetState);
        $visit!($crate::procedure::DomainMigrateBegin3);
        $visit!($crate::procedure::ret::DomainMigrateBegin3);
        $visit!($crate::procedure::DomainMigratePrepare3);
        $visit!($crate::procedure::ret::DomainMigratePrepare3);
        $visit!($crate::procedure::DomainMigratePrepareTunnel3);
        $visit!($crate::procedure::ret::DomainMigratePrepareTunnel3);
        $visit!($crate::procedure::DomainMigratePerform3);
        $visit!($crate::procedure::ret::DomainMigratePerform3);
        $visit!($crate::procedure::DomainMigrateFinish3);
        $visit!($crate::procedure::ret::DomainMigrateFinish3);
        $visit!($crate::procedure::DomainMigrateConfirm3);
        $visit!($crate::procedure::InterfaceChangeBegin);
        $visit!($crate::procedure::InterfaceChangeCommit);
        $visit!($crate::procedure::InterfaceChangeRollback);
        $visit!($crate::procedure::DomainPinVcpuFlags);
        $visit!($crate::procedure::DomainSendKey);
        $visit!($crate::procedure::NodeGetCpuStats);
        $visit!($crate::procedure::ret::NodeGetCpuStats);
        $visit!($crate::procedure::NodeGetMemoryStats);
        $visit!($crate::procedure::ret::NodeGetMemoryStats);
        $visit!($crate::procedure::DomainGetControlInfo);
        $visit!($crate::procedure::ret::DomainGetControlInfo);
        $visit!($crate::procedure::DomainGetVcpuPinInfo);
        $visit!($crate::procedure::ret::DomainGetVcpuPinInfo);
        $visit!($crate::procedure::DomainUndefineFlags);
        $visit!($crate::procedure::DomainSaveFlags);
        $visit!($crate::procedure::DomainRestoreFlags);
        $visit!($crate::procedure::DomainDestroyFlags);
        $visit!($crate::procedure::DomainSaveImageGetXmlDesc);
        $visit!($crate::procedure::ret::DomainSaveImageGetXmlDesc);
        $visit!($crate::procedure::DomainSaveImageDefineXml);
        $visit!($crate::procedure::DomainBlockJobAbort);
        $visit!($crate::procedure::DomainGetBlockJobInfo);
        $visit!($crate::procedure::ret::DomainGetBlockJobInfo);
        $visit!($crate::procedure::DomainBlockJobSetSpeed);
        $visit!($crate::procedure::DomainBlockPull);
        $visit!($crate::procedure::DomainMigrateGetMaxSpeed);
        $visit!($crate::procedure::ret::DomainMigrateGetMaxSpeed);
        $visit!($crate::procedure::DomainBlockStatsFlags);
        $visit!($crate::procedure::ret::DomainBlockStatsFlags);
        $visit!($crate::procedure::DomainSnapshotGetParent);
        $visit!($crate::procedure::ret::DomainSnapshotGetParent);
        $visit!($crate::procedure::DomainReset);
        $visit!($crate::procedure::DomainOpenGraphics);
        $visit!($crate::procedure::NodeSuspendForDuration);
        $visit!($crate::procedure::DomainBlockResize);
        $visit!($crate::procedure::DomainSetBlockIoTune);
        $visit!($crate::procedure::DomainGetBlockIoTune);
        $visit!($crate::procedure::ret::DomainGetBlockIoTune);
        $visit!($crate::procedure::DomainSetNumaParameters);
        $visit!($crate::procedure::DomainGetNumaParameters);
        $visit!($crate::procedure::ret::DomainGetNumaParameters);
        $visit!($crate::procedure::DomainSetInterfaceParameters);
        $visit!($crate::procedure::DomainGetInterfaceParameters);
        $visit!($crate::procedure::ret::DomainGetInterfaceParameters);
        $visit!($crate::procedure::DomainShutdownFlags);
        $visit!($crate::procedure::StorageVolWipePattern);
        $visit!($crate::procedure::StorageVolResize);
        $visit!($crate::procedure::DomainPmSuspendForDuration);
        $visit!($crate::procedure::DomainGetCpuStats);
        $visit!($crate::procedure::ret::DomainGetCpuStats);
        $visit!($crate::procedure::DomainGetDiskErrors);
        $visit!($crate::procedure::ret::DomainGetDiskErrors);
        $visit!($crate::procedure::DomainSetMetadata);
        $visit!($crate::procedure::DomainGetMetadata);
        $visit!($crate::procedure::ret::DomainGetMetadata);
        $visit!($crate::procedure::DomainBlockRebase);
        $visit!($crate::procedure::DomainPmWakeup);
        $visit!($crate::procedure::DomainSnapshotIsCurrent);
        $visit!($crate::procedure::ret::DomainSnapshotIsCurrent);
        $visit!($crate::procedure::DomainSnapshotHasMetadata);
        $visit!($crate::procedure::ret::DomainSnapshotHasMetadata);
        $visit!($crate::procedure::ConnectListAllDomains);
        $visit!($crate::procedure::ret::ConnectListAllDomains);
        $visit!($crate::procedure::DomainListAllSnapshots);
        $visit!($crate::procedure::ret::DomainListAllSnapshots);
        $visit!($crate::procedure::DomainSnapshotListAllChildren);
        $visit!($crate::procedure::ret::DomainSnapshotListAllChildren);
        $visit!($crate::procedure::DomainGetHostname);
        $visit!($crate::procedure::ret::DomainGetHostname);
        $visit!($crate::procedure::DomainPinEmulator);
        $visit!($crate::procedure::DomainGetEmulatorPinInfo);
        $visit!($crate::procedure::ret::DomainGetEmulatorPinInfo);
        $visit!($crate::procedure::ConnectListAllStoragePools);
        $visit!($crate::procedure::ret::ConnectListAllStoragePools);
        $visit!($crate::procedure::StoragePoolListAllVolumes);
        $visit!($crate::procedure::ret::StoragePoolListAllVolumes);
        $visit!($crate::procedure::ConnectListAllNetworks);
        $visit!($crate::procedure::ret::ConnectListAllNetworks);
        $visit!($crate::procedure::ConnectListAllInterfaces);
        $visit!($crate::procedure::ret::ConnectListAllInterfaces);
        $visit!($crate::procedure::ConnectListAllNodeDevices);
        $visit!($crate::procedure::ret::ConnectListAllNodeDevices);
        $visit!($crate::procedure::ConnectListAllNwfilters);
        $visit!($crate::procedure::ret::ConnectListAllNwfilters);
        $visit!($crate::procedure::ConnectListAllSecrets);
        $visit!($crate::procedure::ret::ConnectListAllSecrets);
        $visit!($crate::procedure::DomainBlockCommit);
        $visit!($crate::procedure::NetworkUpdate);
        $visit!($crate::procedure::NodeGetCpuMap);
        $visit!($crate::procedure::ret::NodeGetCpuMap);
        $visit!($crate::procedure::DomainFstrim);
        $visit!($crate::procedure::DomainOpenChannel);
        $visit!($crate::procedure::NodeDeviceLookupScsiHostByWwn);
        $visit!($crate::procedure::ret::NodeDeviceLookupScsiHostByWwn);
        $visit!($crate::procedure::DomainGetJobStats);
        $visit!($crate::procedure::ret::DomainGetJobStats);
        $visit!($crate::procedure::DomainMigrateGetCompressionCache);
        $visit!($crate::procedure::ret::DomainMigrateGetCompressionCache);
        $visit!($crate::procedure::DomainMigrateSetCompressionCache);
        $visit!($crate::procedure::NodeDeviceDetachFlags);
        $visit!($crate::procedure::DomainMigrateBegin3Params);
        $visit!($crate::procedure::ret::DomainMigrateBegin3Params);
        $visit!($crate::procedure::DomainMigratePrepare3Params);
        $visit!($crate::procedure::ret::DomainMigratePrepare3Params);
        $visit!($crate::procedure::DomainMigratePrepareTunnel3Params);
        $visit!($crate::procedure::ret::DomainMigratePrepareTunnel3Params);
        $visit!($crate::procedure::DomainMigratePerform3Params);
        $visit!($crate::procedure::ret::DomainMigratePerform3Params);
        $visit!($crate::procedure::DomainMigrateFinish3Params);
        $visit!($crate::procedure::ret::DomainMigrateFinish3Params);
        $visit!($crate::procedure::DomainMigrateConfirm3Params);
        $visit!($crate::procedure::DomainSetMemoryStatsPeriod);
        $visit!($crate::procedure::DomainCreateXmlWithFiles);
        $visit!($crate::procedure::ret::DomainCreateXmlWithFiles);
        $visit!($crate::procedure::DomainCreateWithFiles);
        $visit!($crate::procedure::ret::DomainCreateWithFiles);
        $visit!($crate::procedure::ConnectGetCpuModelNames);
        $visit!($crate::procedure::ret::ConnectGetCpuModelNames);
        $visit!($crate::procedure::ConnectNetworkEventRegisterAny);
        $visit!($crate::procedure::ret::ConnectNetworkEventRegisterAny);
        $visit!($crate::procedure::ConnectNetworkEventDeregisterAny);
        $visit!($crate::procedure::ConnectDomainEventCallbackRegisterAny);
        $visit!($crate::procedure::ret::ConnectDomainEventCallbackRegisterAny);
        $visit!($crate::procedure::ConnectDomainEventCallbackDeregisterAny);
        $visit!($crate::procedure::DomainCoreDumpWithFormat);
        $visit!($crate::procedure::DomainFsfreeze);
        $visit!($crate::procedure::ret::DomainFsfreeze);
        $visit!($crate::procedure::DomainFsthaw);
        $visit!($crate::procedure::ret::DomainFsthaw);
        $visit!($crate::procedure::DomainGetTime);
        $visit!($crate::procedure::ret::DomainGetTime);
        $visit!($crate::procedure::DomainSetTime);
        $visit!($crate::procedure::NodeGetFreePages);
        $visit!($crate::procedure::ret::NodeGetFreePages);
        $visit!($crate::procedure::NetworkGetDhcpLeases);
        $visit!($crate::procedure::ret::NetworkGetDhcpLeases);
        $visit!($crate::procedure::ConnectGetDomainCapabilities);
        $visit!($crate::procedure::ret::ConnectGetDomainCapabilities);
        $visit!($crate::procedure::DomainOpenGraphicsFd);
        $visit!($crate::procedure::ConnectGetAllDomainStats);
        $visit!($crate::procedure::ret::ConnectGetAllDomainStats);
        $visit!($crate::procedure::DomainBlockCopy);
        $visit!($crate::procedure::DomainGetFsinfo);
        $visit!($crate::procedure::ret::DomainGetFsinfo);
        $visit!($crate::procedure::DomainDefineXmlFlags);
        $visit!($crate::procedure::ret::DomainDefineXmlFlags);
        $visit!($crate::procedure::DomainGetIothreadInfo);
        $visit!($crate::procedure::ret::DomainGetIothreadInfo);
        $visit!($crate::procedure::DomainPinIothread);
        $visit!($crate::procedure::DomainInterfaceAddresses);
        $visit!($crate::procedure::ret::DomainInterfaceAddresses);
        $visit!($crate::procedure::DomainAddIothread);
        $visit!($crate::procedure::DomainDelIothread);
        $visit!($crate::procedure::DomainSetUserPassword);
        $visit!($crate::procedure::DomainRename);
        $visit!($crate::procedure::ret::DomainRename);
        $visit!($crate::procedure::ConnectRegisterCloseCallback);
        $visit!($crate::procedure::ConnectUnregisterCloseCallback);
        $visit!($crate::procedure::DomainMigrateStartPostCopy);
        $visit!($crate::procedure::ConnectStoragePoolEventRegisterAny);
        $visit!($crate::procedure::ret::ConnectStoragePoolEventRegisterAny);
        $visit!($crate::procedure::ConnectStoragePoolEventDeregisterAny);
        $visit!($crate::procedure::DomainGetGuestVcpus);
        $visit!($crate::procedure::ret::DomainGetGuestVcpus);
        $visit!($crate::procedure::DomainSetGuestVcpus);
        $visit!($crate::procedure::ConnectNodeDeviceEventRegisterAny);
        $visit!($crate::procedure::ret::ConnectNodeDeviceEventRegisterAny);
        $visit!($crate::procedure::ConnectNodeDeviceEventDeregisterAny);
        $visit!($crate::procedure::StorageVolGetInfoFlags);
        $visit!($crate::procedure::ret::StorageVolGetInfoFlags);
        $visit!($crate::procedure::ConnectSecretEventRegisterAny);
        $visit!($crate::procedure::ret::ConnectSecretEventRegisterAny);
        $visit!($crate::procedure::ConnectSecretEventDeregisterAny);
        $visit!($crate::procedure::DomainSetVcpu);
        $visit!($crate::procedure::DomainSetBlockThreshold);
        $visit!($crate::procedure::DomainMigrateGetMaxDowntime);
        $visit!($crate::procedure::ret::DomainMigrateGetMaxDowntime);
        $visit!($crate::procedure::DomainManagedSaveGetXmlDesc);
        $visit!($crate::procedure::ret::DomainManagedSaveGetXmlDesc);
        $visit!($crate::procedure::DomainManagedSaveDefineXml);
        $visit!($crate::procedure::DomainSetLifecycleAction);
        $visit!($crate::procedure::StoragePoolLookupByTargetPath);
        $visit!($crate::procedure::ret::StoragePoolLookupByTargetPath);
        $visit!($crate::procedure::DomainDetachDeviceAlias);
        $visit!($crate::procedure::ConnectCompareHypervisorCpu);
        $visit!($crate::procedure::ret::ConnectCompareHypervisorCpu);
        $visit!($crate::procedure::ConnectBaselineHypervisorCpu);
        $visit!($crate::procedure::ret::ConnectBaselineHypervisorCpu);
        $visit!($crate::procedure::NodeGetSevInfo);
        $visit!($crate::procedure::ret::NodeGetSevInfo);
        $visit!($crate::procedure::DomainGetLaunchSecurityInfo);
        $visit!($crate::procedure::ret::DomainGetLaunchSecurityInfo);
        $visit!($crate::procedure::NwfilterBindingLookupByPortDev);
        $visit!($crate::procedure::ret::NwfilterBindingLookupByPortDev);
        $visit!($crate::procedure::NwfilterBindingGetXmlDesc);
        $visit!($crate::procedure::ret::NwfilterBindingGetXmlDesc);
        $visit!($crate::procedure::NwfilterBindingCreateXml);
        $visit!($crate::procedure::ret::NwfilterBindingCreateXml);
        $visit!($crate::procedure::NwfilterBindingDelete);
        $visit!($crate::procedure::ConnectListAllNwfilterBindings);
        $visit!($crate::procedure::ret::ConnectListAllNwfilterBindings);
        $visit!($crate::procedure::DomainSetIothreadParams);
        $visit!($crate::procedure::ConnectGetStoragePoolCapabilities);
        $visit!($crate::procedure::ret::ConnectGetStoragePoolCapabilities);
        $visit!($crate::procedure::NetworkListAllPorts);
        $visit!($crate::procedure::ret::NetworkListAllPorts);
        $visit!($crate::procedure::NetworkPortLookupByUuid);
        $visit!($crate::procedure::ret::NetworkPortLookupByUuid);
        $visit!($crate::procedure::NetworkPortCreateXml);
        $visit!($crate::procedure::ret::NetworkPortCreateXml);
        $visit!($crate::procedure::NetworkPortGetParameters);
        $visit!($crate::procedure::ret::NetworkPortGetParameters);
        $visit!($crate::procedure::NetworkPortSetParameters);
        $visit!($crate::procedure::NetworkPortGetXmlDesc);
        $visit!($crate::procedure::ret::NetworkPortGetXmlDesc);
        $visit!($crate::procedure::NetworkPortDelete);
        $visit!($crate::procedure::DomainCheckpointCreateXml);
        $visit!($crate::procedure::ret::DomainCheckpointCreateXml);
        $visit!($crate::procedure::DomainCheckpointGetXmlDesc);
        $visit!($crate::procedure::ret::DomainCheckpointGetXmlDesc);
        $visit!($crate::procedure::DomainListAllCheckpoints);
        $visit!($crate::procedure::ret::DomainListAllCheckpoints);
        $visit!($crate::procedure::DomainCheckpointListAllChildren);
        $visit!($crate::procedure::ret::DomainCheckpointListAllChildren);
        $visit!($crate::procedure::DomainCheckpointLookupByName);
        $visit!($crate::procedure::ret::DomainCheckpointLookupByName);
        $visit!($crate::procedure::DomainCheckpointGetParent);
        $visit!($crate::procedure::ret::DomainCheckpointGetParent);
        $visit!($crate::procedure::DomainCheckpointDelete);
        $visit!($crate::procedure::DomainGetGuestInfo);
        $visit!($crate::procedure::ret::DomainGetGuestInfo);
        $visit!($crate::procedure::DomainAgentSetResponseTimeout);
        $visit!($crate::procedure::ret::DomainAgentSetResponseTimeout);
        $visit!($crate::procedure::DomainBackupBegin);
        $visit!($crate::procedure::DomainBackupGetXmlDesc);
        $visit!($crate::procedure::ret::DomainBackupGetXmlDesc);
        $visit!($crate::procedure::DomainAuthorizedSshKeysGet);
        $visit!($crate::procedure::ret::DomainAuthorizedSshKeysGet);
        $visit!($crate::procedure::DomainAuthorizedSshKeysSet);
        $visit!($crate::procedure::DomainGetMessages);
        $visit!($crate::procedure::ret::DomainGetMessages);
        $visit!($crate::procedure::NodeDeviceDefineXml);
        $visit!($crate::procedure::ret::NodeDeviceDefineXml);
        $visit!($crate::procedure::NodeDeviceUndefine);
        $visit!($crate::procedure::NodeDeviceCreate);
        $visit!($crate::procedure::NwfilterDefineXmlFlags);
        $visit!($crate::procedure::ret::NwfilterDefineXmlFlags);
        $visit!($crate::procedure::NetworkDefineXmlFlags);
        $visit!($crate::procedure::ret::NetworkDefineXmlFlags);
        $visit!($crate::procedure::NodeDeviceGetAutostart);
        $visit!($crate::procedure::ret::NodeDeviceGetAutostart);
        $visit!($crate::procedure::NodeDeviceSetAutostart);
        $visit!($crate::procedure::NodeDeviceIsPersistent);
        $visit!($crate::procedure::ret::NodeDeviceIsPersistent);
        $visit!($crate::procedure::NodeDeviceIsActive);
        $visit!($crate::procedure::ret::NodeDeviceIsActive);
        $visit!($crate::procedure::NetworkCreateXmlFlags);
        $visit!($crate::procedure::ret::NetworkCreateXmlFlags);
        $visit!($crate::procedure::DomainSetLaunchSecurityState);
        $visit!($crate::procedure::DomainSaveParams);
        $visit!($crate::procedure::DomainRestoreParams);
        $visit!($crate::procedure::DomainAbortJobFlags);
        $visit!($crate::procedure::DomainFdAssociate);
        $visit!($crate::procedure::NetworkSetMetadata);
        $visit!($crate::procedure::NetworkGetMetadata);
        $visit!($crate::procedure::ret::NetworkGetMetadata);
        $visit!($crate::procedure::NodeDeviceUpdate);
        $visit!($crate::procedure::DomainGraphicsReload);
        $visit!($crate::procedure::DomainGetAutostartOnce);
        $visit!($crate::procedure::ret::DomainGetAutostartOnce);
        $visit!($crate::procedure::DomainSetAutostartOnce);
        $visit!($crate::procedure::DomainSetThrottleGroup);
        $visit!($crate::procedure::DomainDelThrottleGroup);
        $visit!($crate::procedure::DomainAnnounceInterface);
        $visit!($crate::procedure::DomainMonitorCommand);
        $visit!($crate::procedure::ret::DomainMonitorCommand);
        $visit!($crate::procedure::DomainAgentCommand);
        $visit!($crate::procedure::ret::DomainAgentCommand);
        $visit!($crate::procedure::ConnectDomainMonitorEventRegister);
        $visit!($crate::procedure::ret::ConnectDomainMonitorEventRegister);
        $visit!($crate::procedure::ConnectDomainMonitorEventDeregister);
    };
}
#[cfg(test)]
pub(crate) use every_structure;

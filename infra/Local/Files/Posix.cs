using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Candor.Local;

/// <summary>What kind of thing a path leads to, looked at without following a link.</summary>
internal enum FileKind
{
    Folder,
    Link,
    File,
    Pipe,
    Other,
}

/// <summary>A path's kind, owner and permissions.</summary>
internal readonly record struct FileFacts(FileKind Kind, uint Owner, uint Group, UnixFileMode Mode, ulong Device, ulong Inode)
{
    public bool IsSticky => Mode.HasFlag(UnixFileMode.StickyBit);
}

/// <summary>
/// File-system calls of Linux that .NET has no words for: to look at a link instead of through it, and to work below an open folder, so
/// that no part of the path can be exchanged in between.
/// </summary>
internal static partial class Posix
{
    public const int NotThere = 2;
    public const int Exists = 17;
    private const int NotAFolder = 20;
    private const int TooManyLinks = 40;

    private const int WorkingFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFacts = 0x7ff;

    private const int WriteOnly = 0x1;
    private const int CreateNew = 0x40 | 0x80;
    private const int CloseOnExec = 0x80000;

    // The two that are not the same on every processor.
    private static readonly bool _arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    private static readonly int _openNoFollow = _arm ? 0x8000 : 0x20000;
    private static readonly int _openFolder = _arm ? 0x4000 : 0x10000;

    /// <summary>The user this process acts as.</summary>
    public static uint UserId => GetEffectiveUser();

    /// <summary>What a path leads to, links not followed; null when there is nothing.</summary>
    /// <exception cref="IOException">It may not be looked at.</exception>
    public static FileFacts? Look(string path) => Statx(WorkingFolder, path, NoFollow, BasicFacts, out var facts) == 0
        ? Read(facts)
        : Marshal.GetLastPInvokeError() is NotThere or NotAFolder ? null : throw Failure(path);

    /// <summary>The same of something that is open.</summary>
    public static FileFacts Look(SafeFileHandle open, string path) =>
        Statx((int)open.DangerousGetHandle(), string.Empty, EmptyPath, BasicFacts, out var facts) == 0 ? Read(facts) : throw Failure(path);

    /// <summary>Makes a folder; false when there is something of that name.</summary>
    public static bool MakeFolder(string path, UnixFileMode mode) =>
        MkdirAt(WorkingFolder, path, (uint)mode) == 0 || (Marshal.GetLastPInvokeError() == Exists ? false : throw Failure(path));

    /// <summary>Makes a folder in an open one, unless there is something of that name.</summary>
    public static void MakeFolder(SafeFileHandle folder, string name, UnixFileMode mode, string path)
    {
        if (MkdirAt((int)folder.DangerousGetHandle(), name, (uint)mode) != 0 && Marshal.GetLastPInvokeError() != Exists)
        {
            throw Failure(path);
        }
    }

    /// <summary>Opens a folder, never through a link; null when it is none.</summary>
    public static SafeFileHandle? OpenFolder(string path) =>
        Opened(OpenAt(WorkingFolder, path, _openFolder | _openNoFollow | CloseOnExec, 0), path);

    /// <summary>Opens a folder in an open one, never through a link; null when it is none.</summary>
    public static SafeFileHandle? OpenFolder(SafeFileHandle folder, string name, string path) =>
        Opened(OpenAt((int)folder.DangerousGetHandle(), name, _openFolder | _openNoFollow | CloseOnExec, 0), path);

    /// <summary>Makes a file in an open folder that was not there before.</summary>
    public static SafeFileHandle CreateFile(SafeFileHandle folder, string name, UnixFileMode mode, string path)
    {
        var descriptor = OpenAt((int)folder.DangerousGetHandle(), name, WriteOnly | CreateNew | _openNoFollow | CloseOnExec, (uint)mode);
        return descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Failure(path);
    }

    /// <summary>Removes a file or link from an open folder; nothing when there is none.</summary>
    public static void Remove(SafeFileHandle folder, string name, string path)
    {
        if (UnlinkAt((int)folder.DangerousGetHandle(), name, 0) != 0 && Marshal.GetLastPInvokeError() != NotThere)
        {
            throw Failure(path);
        }
    }

    /// <summary>Gives a file in an open folder another name; one that had it is gone.</summary>
    public static void Rename(SafeFileHandle folder, string from, string to, string path)
    {
        var descriptor = (int)folder.DangerousGetHandle();
        if (RenameAt(descriptor, from, descriptor, to) != 0)
        {
            throw Failure(path);
        }
    }

    /// <summary>Gives something open to another user.</summary>
    public static void Give(SafeFileHandle open, uint user, uint group, string path)
    {
        if (ChangeOwner((int)open.DangerousGetHandle(), user, group) != 0)
        {
            throw Failure(path);
        }
    }

    /// <summary>Sets who may do what with something open.</summary>
    public static void Permit(SafeFileHandle open, UnixFileMode mode, string path)
    {
        if (ChangeMode((int)open.DangerousGetHandle(), (uint)mode) != 0)
        {
            throw Failure(path);
        }
    }

    private static SafeFileHandle? Opened(int descriptor, string path) => descriptor >= 0
        ? new(descriptor, ownsHandle: true)
        : Marshal.GetLastPInvokeError() is NotAFolder or TooManyLinks ? null : throw Failure(path);

    private static IOException Failure(string path)
    {
        var number = Marshal.GetLastPInvokeError();
        // As .NET has it, so that who looks for a full disk finds it.
        return new($"{path}: {new Win32Exception(number).Message}", number);
    }

    private static FileFacts Read(in StatxBuffer facts) => new(
        (facts.Mode & 0xf000) switch
        {
            0x4000 => FileKind.Folder,
            0xa000 => FileKind.Link,
            0x8000 => FileKind.File,
            0x1000 => FileKind.Pipe,
            _ => FileKind.Other,
        },
        facts.User,
        facts.Group,
        (UnixFileMode)(facts.Mode & 0xfff),
        ((ulong)facts.DeviceMajor << 32) | facts.DeviceMinor,
        facts.Inode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out StatxBuffer facts);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenAt(int folder, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MkdirAt(int folder, string path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnlinkAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameAt(int fromFolder, string from, int toFolder, string to);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(int descriptor, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUser();

    /// <summary>Linux' <c>struct statx</c>, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}

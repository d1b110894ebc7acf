using System.Globalization;

namespace Candor.Local;

/// <summary>How much room a folder's disk has, and whether a write failed for want of it.</summary>
internal static class DiskSpace
{
    /// <summary>
    /// Below this no first start can succeed: an empty PostgreSQL cluster with its first log segment takes about as much.
    /// </summary>
    private const long Least = 64 * Mebibyte;

    /// <summary>
    /// From here on a disk that was full counts as having room again; a few bytes fit into the last page of some file even on a full one.
    /// </summary>
    private const long Again = Mebibyte;

    private const long Mebibyte = 1024 * 1024;

    /// <summary>Linux' ENOSPC and EDQUOT, which .NET hands on as they are.</summary>
    private const int NoSpace = 28;
    private const int OverQuota = 122;

    /// <summary>Whether the disk, or the user's share of it, is full.</summary>
    public static bool IsFull(IOException exception) => exception.HResult is NoSpace or OverQuota;

    /// <summary>Whether a disk that was full has room again.</summary>
    public static bool HasRoom(string folder) => Free(folder) is null or >= Again;

    /// <summary>Makes sure that a run can begin.</summary>
    /// <exception cref="LocalException">There is not room enough.</exception>
    public static void Require(string folder)
    {
        if (Free(folder) is { } free and < Least)
        {
            throw new LocalException(string.Create(
                CultureInfo.InvariantCulture,
                $"The disk that holds {folder} is full: {free / Mebibyte} MiB are free, and a run needs at least {Least / Mebibyte} MiB. "
                    + $"Free some, or name a folder on another disk with --state."));
        }
    }

    /// <summary>What a failed write to a folder means to a person.</summary>
    public static LocalException Explain(string what, string folder, IOException exception) => new(
        IsFull(exception)
            ? $"{what}: the disk that holds {folder} is full. Free some space there."
            : $"{what}: {exception.Message}",
        exception);

    /// <summary>Bytes that are free for this user, or null when unknown.</summary>
    private static long? Free(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

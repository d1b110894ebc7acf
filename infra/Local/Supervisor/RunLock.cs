namespace Candor.Local;

/// <summary>One run at a time in a folder. The lock goes with the process that holds it, however that ends.</summary>
internal static class RunLock
{
    /// <exception cref="LocalException">A run holds it; the message names it.</exception>
    public static IDisposable Take(StateFolder state)
    {
        try
        {
            return new FileStream(state.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (DiskSpace.IsFull(e))
        {
            throw DiskSpace.Explain($"{state.LockFile} cannot be written", state.Path, e);
        }
        catch (IOException e)
        {
            var record = RunRecord.Read(state);
            var who = record is { IsAlive: true }
                ? $"Stack {record.Stack} is already running here (process {record.Supervisor})"
                : "Another candor is starting or ending here";
            throw new LocalException($"{who}. See it with {state.Command("status")}, end it with {state.Command("down")}.", e);
        }
    }
}

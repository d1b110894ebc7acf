using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Candor.Local;

/// <summary>The folder of a run: where everything is that it keeps.</summary>
internal sealed class StateFolder
{
    /// <summary>A Unix socket's path may have 107 bytes.</summary>
    private const int LongestSocketFolder = 80;

    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A folder that leads to those of other users.</summary>
    public const UnixFileMode OthersEnter =
        OwnerAlone | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public StateFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        var name = $"candor-{Environment.UserName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)))[..8]}";
        Sockets = Encoding.UTF8.GetByteCount(Path) <= LongestSocketFolder
            ? Path
            : System.IO.Path.Combine(System.IO.Path.GetTempPath(), name);
        Data = OthersMayEnter(Path) ? In("data") : System.IO.Path.Combine("/var/tmp", name, "data");
        Processes = new(In("processes"));
    }

    public string Path { get; }

    /// <summary>
    /// A command on this stack as a person can copy it: with the folder, unless it is the one that is taken without being named.
    /// </summary>
    public string Command(string verb) => $"./candor {verb}{(IsDefault ? string.Empty : $" --state {Quoted.Word(Path)}")}";

    private bool IsDefault =>
        System.IO.Path.GetFileName(Path) == ".candor"
            && File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "Pulumi.yaml"));

    /// <summary>A folder whose path is short enough for sockets.</summary>
    public string Sockets { get; }

    /// <summary>
    /// What is kept after a run. Elsewhere when root keeps the repository in a folder that others may not enter: PostgreSQL runs as another
    /// user.
    /// </summary>
    public string Data { get; }

    public string Logs => In("logs");

    public string Images => In("images");

    public string RunFile => In("run.json");

    /// <summary>The Plan that runs, for diagnosis; it holds tokens instead of secrets.</summary>
    public string PlanFile => In("running.json");

    public string LockFile => In("lock");

    public string ControlSocket => System.IO.Path.Combine(Sockets, "control.sock");

    /// <summary>The admin socket of one HAProxy process of the run.</summary>
    public string BalancerSocket(int generation) =>
        System.IO.Path.Combine(Sockets, string.Create(CultureInfo.InvariantCulture, $"haproxy-{generation}.sock"));

    /// <summary>What it was started with.</summary>
    public string BalancerConfiguration(int generation) => In(string.Create(CultureInfo.InvariantCulture, $"haproxy-{generation}.cfg"));

    /// <summary>The processes of the run, for cleaning up.</summary>
    public ProcessLedger Processes { get; }

    /// <summary>What the names of the run's network namespaces begin with.</summary>
    public string NamespacePrefix => $"candor-{Seed:x8}-";

    /// <summary>A seed that is the same for the same folder.</summary>
    public int Seed => BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(Path))) & 0x7fffffff;

    public string LogFile(string pod) => System.IO.Path.Combine(Logs, pod + ".log");

    /// <summary>Makes sure that what there is of the folders is ours.</summary>
    /// <exception cref="LocalException">Another user could have created or changed it.</exception>
    public void RequireTrusted()
    {
        foreach (var folder in new[] { Path, Sockets, Data })
        {
            TrustedPath.Require(folder);
        }
    }

    /// <summary>Makes the folders.</summary>
    /// <exception cref="LocalException">Another user could have created or changed one of them.</exception>
    public void Create()
    {
        TrustedPath.Create(Path, OthersEnter);
        TrustedPath.Create(Sockets, Sockets == Path ? OthersEnter : OwnerAlone);
        TrustedPath.Create(Data, OthersEnter);
        TrustedPath.Create(Logs, OwnerAlone);
        TrustedPath.Create(Images, OwnerAlone);
    }

    /// <summary>Removes what only the run before needed: its logs, its pods' scratch folders and the copies of its programs.</summary>
    public void BeginRun()
    {
        foreach (var old in new[] { Logs, Images, System.IO.Path.Combine(Data, "scratch") })
        {
            TryDelete(old);
        }

        Create();
    }

    /// <summary>Removes the files that mark the stack as running, and those without meaning after it has ended.</summary>
    public void EndRun()
    {
        Processes.Delete();
        File.Delete(ControlSocket);
        foreach (var (folder, files) in new[] { (Sockets, "haproxy-*.sock"), (Path, "haproxy-*.cfg") })
        {
            if (Directory.Exists(folder))
            {
                Array.ForEach(Directory.GetFiles(folder, files), File.Delete);
            }
        }

        File.Delete(PlanFile);
        File.Delete(RunFile);
    }

    /// <summary>Deletes a folder if possible; remains do no harm.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See the summary.
        }
    }

    private static bool OthersMayEnter(string path)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return true;
        }

        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

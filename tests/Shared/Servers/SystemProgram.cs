namespace Candor.Testing.Servers;

/// <summary>Finds the programs of the system's packages.</summary>
public static class SystemProgram
{
    /// <summary>The program's path: in the newest of the given directories, else in <c>PATH</c>.</summary>
    /// <exception cref="FileNotFoundException">It is not installed; the message names the Debian package.</exception>
    public static string Find(string name, string package, params string[] directories)
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return directories.Concat(path).Concat(["/usr/sbin", "/usr/local/sbin"])
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{name} is not installed; apt-get install {package}");
    }
}

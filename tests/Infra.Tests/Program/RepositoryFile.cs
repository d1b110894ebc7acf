namespace Candor.Infra.Tests.Program;

/// <summary>Files of the repository that tests hold to what the code says.</summary>
internal static class RepositoryFile
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("CANDOR_UPDATE_FILES") == "1";

    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>The file is exactly the text.</summary>
    public static void Holds(string path, string expected)
    {
        if (Update)
        {
            File.WriteAllText(Path.Combine(Root, path), expected);
        }

        Assert.Equal(expected, Read(path));
    }

    /// <summary>The part of the file between two marks is exactly the text.</summary>
    public static void HoldsBetween(string path, string from, string to, string expected)
    {
        var text = Read(path);
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length + 1;
        var end = text.IndexOf(to, StringComparison.Ordinal);
        Assert.True(start > from.Length && end >= start, $"{path} lacks {from} … {to}.");
        if (Update)
        {
            File.WriteAllText(Path.Combine(Root, path), text[..start] + expected + text[end..]);
            return;
        }

        Assert.Equal(expected, text[start..end]);
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Stack.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("The tests run inside the repository, beside Stack.sln.");
    }
}

namespace Candor.Local;

/// <summary>The files of the page.</summary>
internal static class PageSite
{
    /// <summary>The text of one.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(PageSite).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The page's {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

using Candor.PulumiOffline;

// The arguments: where to write, then the schema files.
if (args is not [var directory, .. var files] || files.Length == 0)
{
    await Console.Error.WriteLineAsync("usage: generator DIRECTORY SCHEMA...");
    return 2;
}
Directory.CreateDirectory(directory);
foreach (var stale in Directory.EnumerateFiles(directory, "*.g.cs"))
{
    File.Delete(stale);
}
foreach (var file in files)
{
    foreach (var (name, text) in ProviderClasses.Of(Schema.Parse(await File.ReadAllTextAsync(file))))
    {
        await File.WriteAllTextAsync(Path.Combine(directory, $"{name}.g.cs"), text);
    }
}
return 0;

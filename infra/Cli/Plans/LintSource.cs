using System.Text;
using System.Text.Json;
using Candor.Planning;
using Candor.Planning.Lint;

namespace Candor.Cli.Plans;

/// <summary>Where lint reads from: a stack's program, a plan file, Kubernetes manifests, or standard input.</summary>
internal static class LintSource
{
    /// <summary>Standard input.</summary>
    internal const string StandardInput = "-";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>Whether a stack of the project is meant, whose settings stand in its own file.</summary>
    internal static bool IsStack(string name) => name != StandardInput && !Directory.Exists(name) && !PlanSource.IsFile(name);

    /// <summary>The plan of what is named.</summary>
    /// <exception cref="UsageException">It is not there.</exception>
    /// <exception cref="PlanFormatException">It cannot be read.</exception>
    internal static async Task<Plan> ReadAsync(CliContext context, string name, CancellationToken cancellationToken)
    {
        if (name == StandardInput)
        {
            await using var input = context.In();
            return OfText("standard input", await TextAsync(input, "standard input", cancellationToken));
        }

        if (Directory.Exists(name))
        {
            return await OfFolderAsync(name, cancellationToken);
        }

        if (File.Exists(name) && Path.GetExtension(name) is ".yaml" or ".yml" && PlanSource.IsFile(name))
        {
            await using var file = PlanSource.Open(name);
            return KubernetesManifests.Read(Path.GetFileName(name), [(name, await TextAsync(file, name, cancellationToken))]);
        }

        return await OfFileAsync(context, name, cancellationToken);
    }

    /// <summary>The settings beside what is read: in the folder of the file, or in the current one.</summary>
    internal static LintSettings SettingsBeside(string name)
    {
        var folder = Directory.Exists(name) ? name : name == StandardInput ? "." : Path.GetDirectoryName(Path.GetFullPath(name)) ?? ".";
        var found = new[] { folder, "." }.Select(candidate => Path.Combine(candidate, LintSettingsFile.Name)).FirstOrDefault(File.Exists);
        return found is null ? LintSettings.Default : LintSettingsFile.Read(found);
    }

    // A manifest may be JSON too; the reader of plans would call it no plan.
    private static async Task<Plan> OfFileAsync(CliContext context, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await PlanSource.StackOrFileAsync(context, name, cancellationToken);
        }
        catch (PlanFormatException) when (PlanSource.IsFile(name))
        {
            await using var file = PlanSource.Open(name);
            var text = file.CanSeek ? await TextAsync(file, name, cancellationToken) : string.Empty;
            if (IsObject(text))
            {
                return KubernetesManifests.Read(Path.GetFileName(name), [(name, text)]);
            }

            throw;
        }
    }

    private static bool IsObject(string text)
    {
        try
        {
            return PlanValue.Parse(text) is var root && root["apiVersion"].Text is not null && root["kind"].Text is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Plan OfText(string source, string text)
    {
        if (!text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("{"))
        {
            return KubernetesManifests.Read(source, [(source, text)]);
        }

        return IsObject(text)
            ? KubernetesManifests.Read(source, [(source, text)])
            : PlanReader.Read(Encoding.UTF8.GetBytes(text), source);
    }

    private static async Task<Plan> OfFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var texts = new List<(string, string)>();
        var size = 0L;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsManifest).Order(StringComparer.Ordinal))
        {
            size += new FileInfo(path).Length;
            if (size > PlanReader.MaximumBytes)
            {
                throw new UsageException($"The manifests in {folder} are larger than {PlanReader.MaximumBytes / (1024 * 1024)} MiB.");
            }

            await using var file = PlanSource.Open(path);
            texts.Add((path, await TextAsync(file, path, cancellationToken)));
        }

        return texts.Count == 0
            ? throw new UsageException($"There is no manifest ({string.Join(", ", Extensions)}) in the folder {folder}.")
            : KubernetesManifests.Read(Path.GetFileName(Path.GetFullPath(folder)), texts);
    }

    private static bool IsManifest(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && Path.GetFileName(path) != LintSettingsFile.Name;

    private static async Task<string> TextAsync(Stream stream, string source, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new StringBuilder();
        var chunk = new char[81920];
        int read;
        while ((read = await reader.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (text.Length + read > PlanReader.MaximumBytes)
            {
                throw new UsageException($"{source} is larger than {PlanReader.MaximumBytes / (1024 * 1024)} MiB.");
            }

            text.Append(chunk, 0, read);
        }

        return text.ToString();
    }
}

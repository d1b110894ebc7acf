using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Candor.EndToEnd.Tests.Stack;
using Microsoft.Playwright;

namespace Candor.EndToEnd.Tests;

/// <summary>What the tests of the page look at in every state: accessibility by axe-core, pictures, complaints of the browser.</summary>
internal static class PageChecks
{
    private static readonly Lazy<Task<string>> _axe = new(AxeAsync);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "status-page");

    /// <summary>axe-core finds nothing; what a person has to judge is left out.</summary>
    public static async Task IsAccessibleAsync(IPage page)
    {
        await page.EvaluateAsync(await _axe.Value);
        var found = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`))");
        Assert.True(found.GetArrayLength() == 0, string.Join("\n\n", found.EnumerateArray().Select(one => one.GetString())));
    }

    /// <summary>Leaves a picture in the test's output.</summary>
    public static async Task<string> ShootAsync(IPage page, string name, bool whole = true)
    {
        var path = Path.Combine(Folder, $"{name}.png");
        await page.ScreenshotAsync(new() { Path = path, FullPage = whole });
        return path;
    }

    /// <summary>Keeps what the browser complains of, and every request that goes elsewhere.</summary>
    public static (ConcurrentQueue<string> Complaints, ConcurrentQueue<string> Elsewhere) Watch(IPage page, string origin)
    {
        var (complaints, elsewhere) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        page.Console += (_, message) => Keep(complaints, message.Type is "error" or "warning" ? message.Text : null);
        page.PageError += (_, error) => Keep(complaints, error);
        page.Request += (_, request) => Keep(elsewhere, request.Url.StartsWith(origin, StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal) ? null : request.Url);
        return (complaints, elsewhere);
    }

    /// <summary>Where a recording of the running page is saved: in the test's output.</summary>
    public static async Task<string> SaveAsync(HttpClient http, string page, string name, int seconds)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, $"{name}.html");
        await File.WriteAllBytesAsync(path, await http.GetByteArrayAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"{page}/api/recording?seconds={seconds}"))));
        return path;
    }

    /// <summary>Puts a recording and its picture into docs, when the files of the repository are to be written anew.</summary>
    public static void Publish(params string[] files)
    {
        if (Environment.GetEnvironmentVariable("CANDOR_UPDATE_FILES") != "1")
        {
            return;
        }

        var docs = Path.Combine(Repository.Root, "docs", "recordings");
        Directory.CreateDirectory(docs);
        foreach (var file in files)
        {
            File.Copy(file, Path.Combine(docs, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>axe-core as tests/accessibility pins it; npm brings it once.</summary>
    private static async Task<string> AxeAsync()
    {
        var folder = Path.Combine(Repository.Root, "tests", "accessibility");
        var file = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(file))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder })
                ?? throw new InvalidOperationException("npm does not start.");
            await npm.WaitForExitAsync();
        }

        return await File.ReadAllTextAsync(file);
    }

    private static void Keep(ConcurrentQueue<string> queue, string? text)
    {
        if (text is not null)
        {
            queue.Enqueue(text);
        }
    }
}

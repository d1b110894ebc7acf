namespace Candor.EndToEnd.Tests;

/// <summary>A test that looks at a page in a real browser: Debian's Chromium.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>Where Debian and Ubuntu install it.</summary>
    internal const string Chromium = "/usr/bin/chromium";

    /// <summary>Says why it is skipped, where it is.</summary>
    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium))
        {
            Skip = $"{Chromium} is not there; install it with: sudo apt-get install -y chromium";
        }
    }
}
